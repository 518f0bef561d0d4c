"""A model's month: its query run into its table, its steps repeated, its check held.

Belongs here: how a query becomes rows, in one transaction a model. What the rows are is in sql/.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.engines.duck import transaction
from pipelines.rules.faults import CheckFailed
from pipelines.rules.models import Model, Step, named_parameters, rows_of
from pipelines.rules.report_check import check_report
from pipelines.rules.report_shapes import ReportShape
from pipelines.stop import Stop

MOST_ROUNDS = 64
# Where a step's rows are while it is repeated: not in the file, which would keep every round.
ROUND = "temp.main.rows_of_round"
SHOWN = 5
# The sentence with which a check stops the close.
STOPS = re.compile(r"^-- stops the close: (.+)$", re.MULTILINE)


def run_model(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    values: dict[str, Any],
    programmes: tuple[str, ...],
    shape: ReportShape | None = None,
) -> int:
    """Make a model's rows for the month in work, replacing whatever stood for it or for later.

    In: every parameter's value and the programmes that run; a model of another programme has no
    rows; of a report the shape that its rows must have. Out: how many rows it has. CheckFailed or
    Stop when its check finds rows or they have another shape; all of it is rolled back then.
    """
    with transaction(con):
        return replace_model(con, model, values, programmes, shape)


def replace_model(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    values: dict[str, Any],
    programmes: tuple[str, ...],
    shape: ReportShape | None = None,
) -> int:
    """As `run_model`, in the caller's transaction."""
    runs = model.section is None or model.section in programmes
    con.execute(f"create schema if not exists {model.programme}")
    if model.is_view:
        con.execute(f"create or replace view {model.table} as {model.query}")
        return 0
    _write_rows(con, model, values, runs)
    if runs and model.step is not None:
        _repeat(con, model, model.step, values)
    if runs and model.check is not None:
        check_model(con, model, model.check, values)
    if runs and shape is not None:
        check_report(con, shape, rows_of(model, str(values["close_month"])))
    return _count_rows(con, model, values)


def _run(
    con: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]
) -> duckdb.DuckDBPyConnection:
    named = {name: values.get(name) for name in named_parameters(query)}
    return con.execute(query, named) if named else con.execute(query)


def _count_rows(con: duckdb.DuckDBPyConnection, model: Model, values: dict[str, Any]) -> int:
    """How many rows a model's month has; CheckFailed when they are not all read back."""
    where = "where close_month = $close_month" if model.is_kept else ""
    key = f'"{model.grain[0]}"' if model.grain[0] != "close_month" else "1"
    [(counted, read)] = _run(
        con,
        f"select count(*), count({key}) + count(*) filter (where {key} is null) "
        f"from {model.table} {where}",
        values,
    ).fetchall()
    if counted != read:
        raise CheckFailed(f"{model.table}: {counted} rows were written, {read} are read back")
    return int(counted)


def _write_rows(
    con: duckdb.DuckDBPyConnection, model: Model, values: dict[str, Any], runs: bool
) -> None:
    if not model.is_kept:
        limit = "" if runs else " limit 0"
        _run(con, f"create or replace table {model.table} as from ({model.query}\n){limit}", values)
        return
    rows = f"select cast($close_month as varchar) as close_month, * from ({model.query}\n)"
    if model.columns is None:
        _create_table(con, model, rows, values)
    _run(con, f"delete from {model.table} where close_month >= $close_month", values)
    if runs:
        _run(con, f"insert into {model.table} {rows}", values)


def _create_table(
    con: duckdb.DuckDBPyConnection, model: Model, rows: str, values: dict[str, Any]
) -> None:
    """Create a model's table empty, with its query's columns, if it is not there.

    Column by column, never as `create table … as … limit 0`: rows that are then inserted in the
    same transaction are lost to reads until the next checkpoint, from some 200,000 on (DuckDB 2.0).
    """
    described = _run(con, f"describe {rows}", values).fetchall()
    columns = ", ".join(f'"{name}" {kind}' for name, kind, *_ in described)
    con.execute(f"create table if not exists {model.table} ({columns})")


def create_early_tables(con: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """Create the tables that are read before their first month is made."""
    with transaction(con):
        for model in models:
            if model.columns is not None:
                con.execute(f"create schema if not exists {model.programme}")
                con.execute(
                    f"create table if not exists {model.table} "
                    f"(close_month varchar, {model.columns})"
                )


def _repeat(
    con: duckdb.DuckDBPyConnection, model: Model, step: Step, values: dict[str, Any]
) -> None:
    if step.until_null is not None:
        _replace_until_null(con, model, step, values)
        return
    if step.rounds is not None:
        column, source = step.rounds
        found = con.execute(f"select distinct {column} from {source} order by 1").fetchall()
        rounds = [number for (number,) in found]
    else:
        rounds = list(range(step.first, int(values[step.last or ""]) + 1))
    month = "cast($close_month as varchar) as close_month, " if model.is_kept else ""
    for number in rounds:
        added = f"insert into {model.table} select {month}* from ({step.query}\n)"
        _run(con, added, values | {"round": number})


def _replace_until_null(
    con: duckdb.DuckDBPyConnection, model: Model, step: Step, values: dict[str, Any]
) -> None:
    """Repeat a step in memory until its column is empty; what comes out goes into the table."""
    query = re.sub(rf"\b{re.escape(model.table)}\b", ROUND, step.query)
    _run(con, f"create or replace temp table {ROUND} as from {model.table}", values)
    for done in range(MOST_ROUNDS):
        alive = con.execute(
            f"select count(*) from {ROUND} where {step.until_null} is not null"
        ).fetchall()
        if alive == [(0,)]:
            if done:
                con.execute(f"create or replace table {model.table} as from {ROUND}")
            con.execute(f"drop table {ROUND}")
            return
        _run(con, f"create or replace temp table {ROUND} as from ({query}\n)", values)
    raise CheckFailed(f"{model.table}: its step goes on for more than {MOST_ROUNDS} rounds")


def check_model(
    con: duckdb.DuckDBPyConnection, model: Model, check: str, values: dict[str, Any]
) -> None:
    """Stop, or CheckFailed, with the first rows that a model's check finds."""
    found = _run(con, check, values)
    names = [column[0] for column in found.description or []]
    rows = found.fetchall()
    if not rows:
        return
    sentence = STOPS.search(check.replace("\n--     ", " "))
    if sentence is not None:
        raise Stop(sentence[1].format(**dict(zip(names, map(_figure, rows[0]), strict=True))))
    told = "; ".join(
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True))
        for row in rows[:SHOWN]
    )
    lines = [line.removeprefix("-- ") for line in check.splitlines() if line.startswith("--")]
    raise CheckFailed(f"{model.table}: {' '.join(lines)} Found {len(rows)}: {told}")


def _figure(value: Any) -> str:
    """A figure as a user writes it: 0.25, not 0.250000."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
