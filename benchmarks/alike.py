"""The peers' own work done by Upline: the drop loaded, sections 1 to 6, their CSV files, no more.

    .venv/bin/python -m benchmarks.alike --book DIR --home DIR --month M --out OUT

Belongs here: what of a close the peers do too. It reads, checks and loads every table that these
rules read, and holds each table to its shape, as a close does; what it leaves out are the other
programmes, leaders' packs, pages, workbook, seal and published warehouse, and so the checkpoint
that only a copy of the file needs. It prints a line of JSON.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
from dataclasses import replace
from pathlib import Path

from benchmarks.stages import seconds_alive
from pipelines import SELDOM
from pipelines.book.drops import open_book
from pipelines.book.policy import Policy
from pipelines.closing.home import Home
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.month_tables import load_tables, make_models
from pipelines.command_line.ending import end_process
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.reports.csv_files import know_texts, write_csv
from pipelines.rules.models import Model, read_models

# The CSV files of the peers, as the tables they are made from.
REPORTS = (
    "referral.qualification", "referral.assignments", "referral.leads", "referral.reassignments",
    "finance.bv_ledger", "finance.statements", "finance.volume", "finance.reconciliation",
    "inactivity.flagged", "inactivity.removed", "inactivity.still_present",
    "inactivity.compression", "inactivity.effect", "inactivity.lists", "inactivity.notices",
)  # fmt: skip


def needed_models(models: list[Model]) -> list[Model]:
    """The models that the peers' reports are made from, in their order."""
    by_table = {model.table: model for model in models}
    needed: set[str] = set()
    left = list(REPORTS)
    while left:
        table = left.pop()
        if table in by_table and table not in needed:
            needed.add(table)
            left += by_table[table].reads
    return [model for model in models if model.table in needed]


def own_policy(policy: Policy) -> Policy:
    """The policy with the programmes alone that the peers know."""
    return replace(
        policy, returns=None, follow_up=None, subscriptions=None, onboarding=None, journal=None
    )


def make_reports(work: MonthInWork, out: Path) -> int:
    """Load what is read, make the tables, write the files; out: the rows of all tables."""
    work.begin()
    below = frozenset().union(*(work.plan.below[model.table] for model in work.models))
    load_tables(work, [table for table in SHAPES if f"extracts.{table}" in below])
    rows = make_models(work)
    know_texts(work.con)
    for model in work.models:
        if model.table in REPORTS:
            path = out / model.programme / f"{model.name}.csv"
            write_csv(work.con, model, work.drop.month.text, path)
    return rows


def main() -> None:
    """Parse the command line, compute, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--month", type=Month.parse, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    gc.set_threshold(*SELDOM)  # as the command does
    home, models = Home(given.home.absolute()), needed_models(read_models())
    policy = own_policy(open_book(given.book, given.month).policy)
    with open_month(
        home, given.book, given.month, models, home.working_file, False, under=policy
    ) as work:
        # What is committed is in the file's log, as it is in PostgreSQL's when a month has ended.
        work.con.execute("pragma disable_checkpoint_on_shutdown")
        rows = make_reports(work, given.out)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"month": given.month.text, "seconds": round(seconds_alive(), 2),
                      "rows": rows, "tables": len(models),
                      "processor_seconds": round(usage.ru_utime + usage.ru_stime, 2)}))  # fmt: skip
    end_process(0)  # as the command does


if __name__ == "__main__":
    main()
