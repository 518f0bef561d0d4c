"""What each step of a month's close was made from, so that none goes on from other figures.

A step's digest is made of its own text, of the inputs that it reads itself, and of the digests of
the steps that it reads. It is written down in the transaction that writes the step's rows; before a
step runs, everything below it must have been written down with the digest that it would have now.

Belongs here: which steps there are, what each reads, when one is stale. Running them is
`month_in_work`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.drops import Book, Drop
from pipelines.book.policy import Policy
from pipelines.closing.inputs import digest_value
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.rules.models import Model
from pipelines.stop import Stop

BOOK, REPORTS = "book.policy", "month.reports"
# The tables whose dates say of which years business days are counted.
BOOK_READS = ("members", "orders", "reassignments", "returns")
# All of the policy that a load may look at: the rest is taken away before it is handed in.
LOADED_WITH = ("company", "max_quarantined_share")


@dataclass(frozen=True)
class Plan:
    """The steps of a month's close as they would be made now.

    `digests`: what each step is made from; `below`: every step that it reads, itself or through
    others.
    """

    month: Month
    digests: Mapping[str, str]
    below: Mapping[str, frozenset[str]]


def make_plan(
    book: Book,
    drop: Drop,
    inputs: Mapping[str, Any],
    models: list[Model],
    before: Mapping[str, str],
) -> Plan:
    """The plan of a month's close.

    In: the book and drop as they are now, the digests of the inputs, all models in their order, and
    what stands before all of it: the seal of the month before, the program's versions.
    """
    digests: dict[str, str] = {}
    below: dict[str, frozenset[str]] = {}

    def add(step: str, reads: set[str], own: object) -> None:
        made_from = [step, own, {name: digests[name] for name in sorted(reads)}]
        digests[step] = digest_value(made_from)
        below[step] = frozenset(reads).union(*(below[name] for name in reads))

    loading = digest_value(loading_policy(book.policy))
    for table, shape in SHAPES.items():
        named = {f"extracts.{cell.names}" for cell in shape.cells.values() if cell.names}
        own = [
            [[path.name, inputs["drop"].get(path.name)] for path in _files_of(drop, table)],
            inputs["mapping"], loading, inputs.get("mapping_files"), drop.month.text, dict(before),
        ]  # fmt: skip
        add(f"extracts.{table}", named - {f"extracts.{table}"}, own)
    add(BOOK, {f"extracts.{table}" for table in BOOK_READS}, [inputs["policy"], inputs["calendar"]])
    for model in models:
        texts = [model.query, model.step and model.step.query, model.check]
        add(model.table, {BOOK} | {step_of(table) for table in _read_now(model)}, texts)
    add(REPORTS, set(digests), None)
    return Plan(drop.month, digests, below)


def _files_of(drop: Drop, table: str) -> list[Path]:
    """The drop's files that a table is read from; those of all sources where a query makes it."""
    if table in drop.mapping.queries:
        return sorted(path for paths in drop.sources.values() for path in paths)
    return list(drop.files.get(table, ()))


def _read_now(model: Model) -> set[str]:
    return set(model.reads) - set(model.earlier)


def step_of(table: str) -> str:
    """The step that makes a table of the warehouse."""
    schema, name = table.split(".")
    if schema == "book":
        return BOOK
    return f"extracts.{name}" if schema == "drops" else table


def loading_policy(policy: Policy) -> Policy:
    """The policy without what no load may look at, so that a change of it makes none stale."""
    others = [each.name for each in fields(policy) if each.name not in LOADED_WITH]
    rest: dict[str, Any] = dict.fromkeys(others)
    return replace(policy, **rest)


def record_step(con: duckdb.DuckDBPyConnection, plan: Plan, step: str, is_again: bool) -> None:
    """Write down what a step was made from; in the transaction that writes its rows.

    `is_again`: it was made before, from what does not count any more.
    """
    month = plan.month.text
    if is_again:
        con.execute("delete from book.steps where close_month = $1 and step = $2", [month, step])
    con.execute("insert into book.steps values ($1, $2, $3)", [month, step, plan.digests[step]])


def recorded_steps(con: duckdb.DuckDBPyConnection, month: Month) -> dict[str, str]:
    """What each step of a month was made from, as far as it was made."""
    return dict(con.execute(
        "select step, made_from from book.steps where close_month = $1", [month.text]
    ).fetchall())  # fmt: skip


def recorded_months(con: duckdb.DuckDBPyConnection) -> list[Month]:
    """The months of which a warehouse has steps or a close."""
    found = con.execute("""
        select close_month from book.steps union select close_month from book.closes order by 1
    """).fetchall()
    return [Month(text) for (text,) in found]


def check_below(con: duckdb.DuckDBPyConnection, plan: Plan, step: str) -> None:
    """Stop when anything that a step reads is missing, or was made from other inputs than now."""
    check_made(plan, step, recorded_steps(con, plan.month))


def check_made(plan: Plan, step: str, made: Mapping[str, str]) -> None:
    """As `check_below`, in: what the steps were made from."""
    below = [name for name in plan.digests if name in plan.below[step]]
    missing = [name for name in below if name not in made]
    stale = [name for name in below if name in made and made[name] != plan.digests[name]]
    if missing:
        raise Stop(
            f"{step} of {plan.month} cannot be made: {_listed(missing)} not been made for this "
            f"month; make it first, or close the month as a whole"
        )
    if stale:
        raise Stop(
            f"{step} of {plan.month} cannot be made: {_listed(stale)} been made from other inputs "
            f"than there are now; make it again with all that reads it, or close the month as a "
            f"whole"
        )


def _listed(steps: list[str]) -> str:
    if len(steps) == 1:
        return f"{steps[0]} has"
    more = f" and {len(steps) - 1} more" * (len(steps) > 2)
    return f"{steps[0]}{more} have" if more else f"{steps[0]} and {steps[1]} have"
