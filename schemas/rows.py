"""The pandera schema that checks a frame of cells as they were read, all of them text.

Belongs here: a cell's rules as polars expressions, one check for each code of contract 1's row
stage (`missing`, `type`, `value`). The loader's SQL says the same for ten million rows.
"""

from __future__ import annotations

from collections.abc import Callable

import pandera.polars as pa
import polars as pl

from schemas.cells import BLANKS, FIRST_YEAR, LAST_YEAR, Cell
from schemas.forms import FORMS, PATTERNS
from schemas.table import Table, cells_of

Rule = Callable[[str], pl.Expr]


def row_schema(model: type[Table], ranks: tuple[str, ...]) -> pa.DataFrameSchema:
    """The schema of a table's cells as text.

    In: a table's class and the policy's ranks, lowest first. Out: a schema whose failure cases name
    the column, the row's index and, as the check, the code (`not_nullable` stands for `missing`).
    """
    return pa.DataFrameSchema(
        {name: _column(cell, ranks) for name, cell in cells_of(model).items()}
    )


def _column(cell: Cell, ranks: tuple[str, ...]) -> pa.Column:
    def has_form(name: str) -> pl.Expr:
        return _has_form(name, cell)

    def has_value(name: str) -> pl.Expr:
        return ~_has_form(name, cell) | _has_value(name, cell, ranks)

    checks = [_check(has_form, "type"), _check(has_value, "value")]
    if cell.required_when is not None:
        other, values = cell.required_when

        def is_there(name: str) -> pl.Expr:
            return pl.col(name).is_not_null() | ~_is_one_of(pl.col(other), values.split("|"))

        checks.append(_check(is_there, "missing", ignore_na=False))
    return pa.Column(pl.String, checks=checks, nullable=not cell.required)


def _check(rule: Rule, code: str, ignore_na: bool = True) -> pa.Check:
    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        held = rule(data.key).fill_null(True)
        if ignore_na:
            held |= pl.col(data.key).is_null()
        return data.lazyframe.select(held)

    return pa.Check(holds, error=code, ignore_na=ignore_na)


def _is_one_of(expression: pl.Expr, values: list[str]) -> pl.Expr:
    return expression.is_in(values).fill_null(False)


def _matches(expression: pl.Expr, pattern: str) -> pl.Expr:
    return expression.str.contains(f"^(?:{pattern})$")


def _is_day(expression: pl.Expr) -> pl.Expr:
    day = expression.str.slice(0, 10)
    real = day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return real & ~day.str.starts_with("0000")


def _has_form(name: str, cell: Cell) -> pl.Expr:
    if cell.form not in FORMS:
        return pl.col(name).is_null() | pl.lit(True)
    matches = _matches(pl.col(name), FORMS[cell.form])
    return matches & _is_day(pl.col(name)) if cell.form in ("date", "time") else matches


def _has_value(name: str, cell: Cell, ranks: tuple[str, ...]) -> pl.Expr:
    found = pl.col(name)
    if cell.form in ("date", "time"):
        return _has_date_value(found, cell)
    if cell.form in ("decimal", "int"):
        return _has_size(found.cast(pl.Decimal(18, 2), strict=False), cell)
    if cell.form == "email":
        folded = found.str.strip_chars(BLANKS).str.to_lowercase()
        return _matches(folded, PATTERNS["email"])
    if cell.form in PATTERNS:
        return _matches(found, PATTERNS[cell.form])
    if cell.form == "rank":
        return _is_one_of(found, list(ranks))
    if cell.form == "code":
        return _is_one_of(found, list(cell.allowed))
    return pl.lit(True)


def _has_date_value(found: pl.Expr, cell: Cell) -> pl.Expr:
    year = found.str.slice(0, 4)
    rule = (year >= FIRST_YEAR) & (year <= LAST_YEAR)
    if cell.is_monday:
        rule &= found.str.to_date("%Y-%m-%d", strict=False).dt.weekday() == 1
    if cell.not_before is not None:
        start = pl.col(cell.not_before)
        is_readable = _matches(start, FORMS["date"]) & _is_day(start)
        rule &= ~is_readable | (found >= start)
    return rule


def _has_size(number: pl.Expr, cell: Cell) -> pl.Expr:
    rule = pl.lit(True)
    if cell.least is not None:
        rule &= number >= cell.least
    if cell.above is not None:
        rule &= number > cell.above
    if cell.most is not None:
        rule &= number <= cell.most
    return rule
