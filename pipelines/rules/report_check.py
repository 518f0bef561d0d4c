"""What a close asks of every report's rows before anybody reads them, as SQL from their shapes.

Belongs here: columns and types, the unique key, what must be there, ranges and lists of values, in
one pass over a table. pandera checks the same classes in `schemas.printed`; a test proves that both
find the same faults. What a rule means is checked by the `.check.sql` beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.engines.duck import literal, quoted
from pipelines.rules.faults import CheckFailed, ShapeFailed
from pipelines.rules.report_shapes import ReportShape, is_of_type
from schemas.cells import Cell

SHOWN = 5


@dataclass(frozen=True)
class Fault:
    """What can be wrong with a column: its kind, the condition of bad rows, and the words for it.

    Kinds: `missing`, `surplus` (there where it must be empty), `value`.
    """

    column: str
    kind: str
    condition: str
    told: str


def check_report(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: str) -> int:
    """Hold a report's rows to its shape; out: how many there are.

    In: the warehouse with the policy's ranks, and the rows as SQL to stand after `from`.
    CheckFailed when they are not all read back; ShapeFailed names the report, the column, what was
    found and the first rows by their key; cells that are somebody's name or address are not told.
    """
    rows = f"(select * from {rows})"
    _check_columns(con, shape, rows)
    faults = list(column_faults(shape, _ranks(con, shape)))
    counts = ", ".join(f"count(*) filter (where {fault.condition})" for fault in faults)
    [(total, read, keys, *found)] = con.execute(
        f"select count(*), {count_read(next(iter(shape.cells)))}, {_count_of_keys(shape)}, "
        f"{counts} from {rows}"
    ).fetchall()
    check_read_back(shape.table, total, read)
    told = [
        f"{fault.column} {fault.told}, in {count} of {total} rows{_first(con, shape, rows, fault)}"
        for fault, count in zip(faults, found, strict=True)
        if count
    ]
    kinds = {fault.kind for fault, count in zip(faults, found, strict=True) if count}
    repeated = _repeated(con, shape, rows) if keys != total else ""
    if repeated:
        told.append(repeated)
        kinds.add("key")
    if told:
        raise ShapeFailed(f"{shape.path}: {'; '.join(told)}", kinds)
    return int(total)


def count_read(column: str) -> str:
    """SQL that counts rows by what is read of a column, which has to be as many as there are."""
    return f"count({quoted(column)}) + count(*) filter (where {quoted(column)} is null)"


def check_read_back(table: str, written: int, read: int) -> None:
    """CheckFailed when a table has not as many rows for who reads them as it says."""
    if written != read:
        raise CheckFailed(f"{table}: {written} rows were written, {read} are read back")


def _ranks(con: duckdb.DuckDBPyConnection, shape: ReportShape) -> tuple[str, ...]:
    """The policy's ranks, where a column of the report has one."""
    if all(cell.form != "rank" for cell in shape.cells.values()):
        return ()
    found = con.execute("select rank from book.ranks order by level").fetchall()
    return tuple(rank for (rank,) in found)


def _check_columns(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: str) -> None:
    described = con.execute(f"describe from {rows}").fetchall()
    types = {name: kind for name, kind, *_ in described}
    told = [
        f"{name} is {types.get(name, 'not there')} and must be {kind}"
        for name, kind in shape.columns.items()
        if not is_of_type(types.get(name, ""), kind)
    ]
    if told:
        raise ShapeFailed(f"{shape.path}: {'; '.join(told)}", {"type"})


def _count_of_keys(shape: ReportShape) -> str:
    """SQL that counts the different keys: by their hashes, which takes half the time.

    Two keys of one hash give one too few; the rows are then looked for by the keys themselves.
    """
    if not shape.grain:
        return "count(*)"
    return f"count(distinct hash({', '.join(map(quoted, shape.grain))}))"


def _repeated(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: str) -> str:
    """What to tell of keys that several rows have; empty when no key does."""
    key = ", ".join(map(quoted, shape.grain))
    found = con.execute(
        f"select count(*), {key} from {rows} group by {key} having count(*) > 1 "
        f"order by {key} limit {SHOWN}"
    ).fetchall()
    if not found:
        return ""
    names = " and ".join(shape.grain)
    return f"{names} must be unique{_listed(shape, shape.grain, [row[1:] for row in found])}"


def _first(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: str, fault: Fault) -> str:
    names = tuple(dict.fromkeys((*shape.grain, fault.column)))
    shown = ", ".join(map(quoted, names))
    found = con.execute(
        f"select {shown} from {rows} where {fault.condition} order by all limit {SHOWN}"
    ).fetchall()
    return _listed(shape, names, found)


def _listed(shape: ReportShape, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """The first rows in words, without the cells that are personal or free text."""
    hidden = {name for name, cell in shape.cells.items() if cell.is_personal or cell.is_free}
    told = [
        ", ".join(
            f"{name} {'empty' if value is None else value}"
            for name, value in zip(names, row, strict=True)
            if name not in hidden
        )
        for row in rows
    ]
    return f" ({'; '.join(told)})" if any(told) else ""


def column_faults(shape: ReportShape, ranks: tuple[str, ...]) -> Iterator[Fault]:
    """Everything that can be wrong with a cell of a report; a fault's condition is never null."""
    for name, cell in shape.cells.items():
        column = quoted(name)
        if cell.required:
            yield Fault(name, "missing", f"{column} is null", "is empty")
        rule = _there_rule(cell)
        if rule is not None:
            there, told = rule
            yield Fault(name, "missing", f"{column} is null and {there}", f"is empty {told}")
            yield Fault(
                name,
                "surplus",
                f"{column} is not null and not {there}",
                f"is there not only {told}",
            )
        rules = list(_value_rules(column, cell, ranks))
        if rules:
            held = " and ".join(rule for rule, _ in rules)
            told = " or ".join(told for _, told in rules)
            condition = f"not coalesce({held}, true)"
            yield Fault(name, "value", condition, f"is {told}")


def _there_rule(cell: Cell) -> tuple[str, str] | None:
    """SQL that holds where a cell must be there, false elsewhere, and the words for it."""
    if cell.instead_of is not None:
        return f"({quoted(cell.instead_of)} is null)", f"where {cell.instead_of} is empty"
    if cell.when is None:
        return None
    other, values = cell.when
    words = values.split("|")
    listed = ", ".join(map(literal, words))
    rule = f"coalesce(cast({quoted(other)} as varchar) in ({listed}), false)"
    return rule, f"where {other} is {' or '.join(words)}"


def _value_rules(column: str, cell: Cell, ranks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """SQL that holds for a cell inside its list, pattern or range, and the words for outside."""
    if cell.form in ("code", "rank"):
        allowed = ranks if cell.form == "rank" else cell.allowed
        yield f"{column} in ({', '.join(map(literal, allowed))})", "none of its words"
    if cell.pattern is not None:
        yield f"regexp_full_match({column}, {literal(cell.pattern)})", f"no {cell.form}"
    limits = (
        (">=", cell.least, "less than"), (">", cell.above, "not more than"),
        ("<=", cell.most, "more than"),
    )  # fmt: skip
    for sign, limit, told in limits:
        if limit is not None:
            yield f"{column} {sign} {limit}", f"{told} {limit}"
    if cell.not_before is not None:
        start = quoted(cell.not_before)
        yield f"coalesce({column} >= {start}, true)", f"before {cell.not_before}"
