"""Cells of leaders' pages: whatever a text is, the quick ways write it as the plain one would."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from pipelines.reports.look.formats import visible
from pipelines.reports.packs.cells import (
    CellKinds,
    email_link,
    is_phone,
    kind_of,
    phone_link,
    shape_in_sql,
    shown_email,
    shown_link,
    shown_text,
)
from pipelines.reports.packs.languages import load_language
from pipelines.reports.packs.part_templates import Patterns

NAMES = st.text() | st.text(st.sampled_from("Ann\u00e9\u5f20 '<>&\"\u202e\x00\ufffe\u0660\u2003"))
EMAILS = NAMES | st.from_regex(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+", fullmatch=True)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def plainly(text: str) -> str:
    return str(escape(visible(text)))


@pytest.mark.long
@given(NAMES)
def test_a_text_is_escaped_and_hides_nothing(text: str) -> None:
    assert shown_text(text) == plainly(text)


@given(EMAILS)
def test_so_is_an_address_and_its_link(text: str) -> None:
    assert shown_email(text) == plainly(text)
    assert shown_link(text) == plainly(email_link(text))


@given(st.text() | st.from_regex(r"\+?[0-9][0-9 ()./-]{3,30}", fullmatch=True))
def test_a_link_that_calls_has_nothing_to_escape(text: str) -> None:
    assert phone_link(text) == plainly(phone_link(text))
    assert bool(phone_link(text)) == is_phone(text)


COLUMNS = {
    "customer_name": "VARCHAR", "customer_email": "VARCHAR", "customer_phone": "VARCHAR",
    "state": "VARCHAR", "is_moved": "BOOLEAN", "due_to": "DATE", "orders": "INTEGER",
}  # fmt: skip
PHONES = NAMES | st.from_regex(r"\+?[0-9][0-9 ()./-]{2,31}\n?", fullmatch=True)
ROWS = st.lists(
    st.tuples(
        *[st.none() | each for each in (NAMES, EMAILS, PHONES, st.sampled_from(["open", "past"]),
                                        st.booleans(), st.dates(), st.integers(0, 9))]
    ),
    min_size=2,
)  # fmt: skip
EDGES = [
    ("x", f"{address}@b.example", phone, None, True, date(2020, 1, 1), 1)
    for address in ("a", "a+b", "a'b", "\u00e9", "a\n", "a\x00", "\u0661")
    for phone in ("0123", "+31 6", "123", "1" * 31, "1" * 32, "\u0661234", "1234\n", "1234\x00", "")
]


@example(EDGES)
@given(ROWS)
def test_the_engine_tells_the_same_shapes_apart(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]
) -> None:
    kinds = CellKinds(load_language("en"), ZoneInfo("UTC"))
    named = {name: kind_of(name, type_) for name, type_ in COLUMNS.items()}
    patterns = Patterns(lambda row: "", kinds.columns(named))
    given_rows = ", ".join(
        f"unnest(cast($c{at} as {type_}[])) as {name}"
        for at, (name, type_) in enumerate(COLUMNS.items())
    )
    columns = zip(*rows, strict=True)
    told = con.execute(
        f"select {shape_in_sql(COLUMNS)} from (select {given_rows})",
        {f"c{at}": list(column) for at, column in enumerate(columns)},
    ).fetchall()
    pairs = {(shape, patterns.shape(row)) for (shape,), row in zip(told, rows, strict=True)}
    assert len(pairs) == len({left for left, _ in pairs}) == len({right for _, right in pairs})
