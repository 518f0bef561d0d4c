"""The functions that a mapping's query is given besides the engine's, as macros (contract 5)."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.engines.duck import literal
from pipelines.extracts.date_cells import date_text
from schemas.cells import BLANKS

MARK = "regexp_escape(coalesce(nullif(thousands, ''), 'x'))"
NUMBER = (
    f"'-?([0-9]+|[0-9]{{1,3}}(' || {MARK} || '[0-9]{{3}})+)('"
    " || regexp_escape(decimal_mark) || '[0-9]+)?'"
)


def list_macros(formats: Iterable[str]) -> list[str]:
    """The statements that make the functions, for a query that reads by these formats."""
    told = sorted(formats)
    return [
        "create macro clean_id(t) as regexp_replace(t, '[^A-Za-z0-9._-]', '', 'g')",
        f"create macro blank(t) as case when trim(t, {literal(BLANKS)}) <> '' then t end",
        f"create macro to_number(t, decimal_mark, thousands := '') as {_number()}",
        f"create macro to_day(t, format) as {_by_format(told, True)}",
        f"create macro to_time(t, format) as {_by_format(told, False)}",
    ]


def _number() -> str:
    plain = "replace(replace(x, coalesce(thousands, ''), ''), decimal_mark, '.')"
    return _once(f"case when regexp_full_match(x, {NUMBER}) then {plain} else x end")


def _once(expression: str) -> str:
    """An expression over `x`, which the argument `t` is called, so that it is worked out once."""
    return f"list_transform([cast(t as varchar)], lambda x: {expression})[1]"


def _by_format(formats: list[str], is_date: bool) -> str:
    if not formats:
        return "t"
    whens = " ".join(
        f"when {literal(text)} then {_once(_read_or_left(text, is_date))}" for text in formats
    )
    return f"case format {whens} end"


def _read_or_left(text: str, is_date: bool) -> str:
    read = date_text("x", text, is_date)
    return (
        f"list_transform([{read}], lambda y: "
        f"case when try_cast(left(y, 10) as date) is not null then y else x end)[1]"
    )
