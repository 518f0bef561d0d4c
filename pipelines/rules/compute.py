"""A model's month: its query run into its table, its steps repeated, its check held.

Belongs here: how a query becomes rows, in one transaction a model. What the rows are is in sql/;
what runs them is an engine.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pipelines.engines.duck import run
from pipelines.engines.engine import Engine, Target
from pipelines.rules.faults import CheckFailed
from pipelines.rules.models import Model, Step, rows_of
from pipelines.rules.report_check import check_read_back, check_report, count_read
from pipelines.rules.report_shapes import ReportShape
from pipelines.stop import Stop

MOST_ROUNDS = 64
SHOWN = 5
# The sentence with which a check stops the close.
STOPS = re.compile(r"^-- stops the close: (.+)$", re.MULTILINE)


def run_model(
    engine: Engine,
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
    with engine.transaction():
        return replace_model(engine, model, values, programmes, shape)


def replace_model(
    engine: Engine,
    model: Model,
    values: dict[str, Any],
    programmes: tuple[str, ...],
    shape: ReportShape | None = None,
) -> int:
    """As `run_model`, in the caller's transaction."""
    runs = model.section is None or model.section in programmes
    if model.is_view:
        engine.view(model.table, model.query)
        return 0
    target = Target(model.table, model.is_kept, model.columns is not None)
    engine.write(target, model.query, values, is_empty=not runs)
    if runs and model.step is not None:
        _repeat(engine, target, model.step, values)
    if runs and model.check is not None:
        check_model(engine, model, model.check, values)
    if runs and shape is not None:
        return check_report(engine.reader, shape, rows_of(model, str(values["close_month"])))
    return _count_rows(engine, model, values)


def _count_rows(engine: Engine, model: Model, values: dict[str, Any]) -> int:
    """How many rows a model's month has; CheckFailed when they are not all read back."""
    where = "where close_month = $close_month" if model.is_kept else ""
    read = count_read(model.grain[0]) if model.grain[0] != "close_month" else "count(*)"
    [(counted, found)] = run(
        engine.reader, f"select count(*), {read} from {model.table} {where}", values
    ).fetchall()
    check_read_back(model.table, counted, found)
    return int(counted)


def create_early_tables(engine: Engine, models: list[Model]) -> None:
    """Create the tables that are read before their first month is made, and every programme's room.

    Two tables that are made at the same time must not both make the room for them.
    """
    with engine.transaction():
        for programme in sorted({model.programme for model in models}):
            engine.reader.execute(f"create schema if not exists {programme}")
        for model in models:
            if model.columns is not None:
                engine.create(model.table, f"close_month varchar, {model.columns}")


def _repeat(engine: Engine, target: Target, step: Step, values: dict[str, Any]) -> None:
    if step.until_null is not None:
        query, column = step.query, step.until_null
        if not engine.replace_until_null(target, query, column, values, MOST_ROUNDS):
            raise CheckFailed(
                f"{target.table}: its step goes on for more than {MOST_ROUNDS} rounds"
            )
        return
    if step.rounds is not None:
        column, source = step.rounds
        found = engine.reader.execute(f"select distinct {column} from {source} order by 1")
        rounds = [number for (number,) in found.fetchall()]
    else:
        rounds = list(range(step.first, int(values[step.last or ""]) + 1))
    each = [values | {"round": number} for number in rounds]
    engine.append(target, step.query, each, are_runs=step.rounds is not None)


def check_model(engine: Engine, model: Model, check: str, values: dict[str, Any]) -> None:
    """Stop, or CheckFailed, with the first rows that a model's check finds."""
    found = engine.fetch(check, values)
    names, rows = found.names, found.rows
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
