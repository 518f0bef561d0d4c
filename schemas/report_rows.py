"""The pandera schema that checks a report's rows as they are, typed.

Belongs here: a typed cell's rules as polars expressions, one check for each kind of fault:
`missing`, `surplus`, `value`, `repeated`. A close checks the same by SQL generated from the same
classes.
"""

from __future__ import annotations

from collections.abc import Callable

import pandera.polars as pa
import polars as pl

from schemas.cells import Cell
from schemas.table import Table, cells_of, told_of

TYPES: dict[str, pl.DataType] = {
    "date": pl.Date(),
    "time": pl.Datetime("us"),
    # As wide as the engine's sums are at most.
    "decimal": pl.Decimal(38, 2),
    "rate": pl.Decimal(38, 4),
    "int": pl.Int32(),
    "bool": pl.Boolean(),
}
Rule = Callable[[str], pl.Expr]


def type_of(cell: Cell) -> pl.DataType:
    """The type of a report's column in polars."""
    return TYPES.get(cell.form, pl.String())


def report_schema(model: type[Table], ranks: tuple[str, ...]) -> pa.DataFrameSchema:
    """The schema of a report's rows, types and order of the columns included.

    In: a report's class and the policy's ranks. Out: a schema whose failure cases name the column,
    the row's index and, as the check, the fault (`not_nullable` stands for `missing`, and a key
    that is not unique for `repeated`).
    """
    key = list(told_of(model)["key"])
    return pa.DataFrameSchema(
        {name: _column(cell, ranks) for name, cell in cells_of(model).items()},
        unique=key or None,
        strict=True,
        ordered=True,
    )


def _column(cell: Cell, ranks: tuple[str, ...]) -> pa.Column:
    def has_value(name: str) -> pl.Expr:
        return pl.col(name).is_null() | _has_value(name, cell, ranks).fill_null(True)

    def is_there(name: str) -> pl.Expr:
        return pl.col(name).is_not_null() | ~_must_be_there(cell)

    def is_absent(name: str) -> pl.Expr:
        return pl.col(name).is_null() | _must_be_there(cell)

    checks = [_check(has_value, "value")]
    if cell.when is not None or cell.instead_of is not None:
        checks += [_check(is_there, "missing"), _check(is_absent, "surplus")]
    return pa.Column(type_of(cell), checks=checks, nullable=not cell.required)


def _check(rule: Rule, fault: str) -> pa.Check:
    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(rule(data.key))

    return pa.Check(holds, error=fault, ignore_na=False)


def _must_be_there(cell: Cell) -> pl.Expr:
    if cell.instead_of is not None:
        return pl.col(cell.instead_of).is_null()
    assert cell.when is not None
    other, values = cell.when
    return pl.col(other).cast(pl.String).is_in(values.split("|")).fill_null(False)


def _has_value(name: str, cell: Cell, ranks: tuple[str, ...]) -> pl.Expr:
    found, rule = pl.col(name), pl.lit(True)
    if cell.form in ("code", "rank"):
        rule &= found.is_in(list(ranks if cell.form == "rank" else cell.allowed))
    if cell.pattern is not None:
        rule &= found.str.contains(f"^(?:{cell.pattern})$")
    if cell.least is not None:
        rule &= found >= cell.least
    if cell.above is not None:
        rule &= found > cell.above
    if cell.most is not None:
        rule &= found <= cell.most
    if cell.not_before is not None:
        rule &= (found >= pl.col(cell.not_before)).fill_null(True)
    return rule
