"""A month in work: the steps of its close, each of which a command or a Dagster asset can take.

    begin -> load each table -> set the book -> make each model -> write reports -> seal

The command line takes them in order; Dagster takes the same ones as assets. Neither knows a rule.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.drops import Book, Drop
from pipelines.book.programmes import running_sections
from pipelines.closing.home import Home
from pipelines.closing.publish import EarlyCopy
from pipelines.closing.seal import KnownDigests, digest_inputs
from pipelines.extracts.load import Load, forget_later_drops, load_table
from pipelines.extracts.notes import note_unread_drops
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.reports.csv_files import quarantined_rows
from pipelines.reports.packs.write import Digests
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.write import write_reports
from pipelines.rules.book_tables import write_book_tables
from pipelines.rules.compute import create_early_tables, run_model
from pipelines.rules.models import Model
from pipelines.rules.parameters import parameters
from pipelines.rules.report_check import check_report
from pipelines.rules.report_shapes import QUARANTINE, REPORT_SHAPES


@dataclass(frozen=True)
class MonthInWork:
    """Everything that the steps of one month's close are given."""

    con: duckdb.DuckDBPyConnection
    book: Book
    drop: Drop
    inputs: dict[str, Any]
    models: list[Model]
    staged: Path
    is_trial: bool
    copy: EarlyCopy | None = None
    pack_digests: Digests = field(default_factory=dict)

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes that the policy in force runs."""
        return running_sections(self.book.policy)

    def begin(self) -> None:
        """Forget what later months have left; what this one has left is replaced table by table."""
        forget_later_drops(self.con, self.drop.month)
        note_unread_drops(self.con, self.book, self.drop.month)
        create_early_tables(self.con, self.models)
        self.con.execute("delete from book.closes where close_month >= $1", [self.drop.month.text])

    def load(self, table: str) -> Load:
        """Load one of the drop's tables."""
        return load_table(self.con, self.book, self.drop, SHAPES[table])

    def set_book(self) -> None:
        """Put policy and calendar where the rules read them."""
        write_book_tables(self.con, self.book, self.drop.month)

    def values(self) -> dict[str, Any]:
        """The parameters of the rules' queries."""
        return parameters(self.con, self.book.policy, self.drop.month)

    def make(self, model: Model, values: dict[str, Any]) -> int:
        """Make one model's rows; out: how many. A report's are held to its shape."""
        shape = REPORT_SHAPES.get(model.table)
        return run_model(self.con, model, values, self.programmes, shape)

    @property
    def reported(self) -> ReportedMonth:
        """What the month's reports are made from."""
        return ReportedMonth(
            self.book.policy, self.drop.month, self.models, self.staged, self.is_trial, self.inputs
        )

    def write_reports(self) -> Path:
        """Write every report of the month into the staged folder, which is emptied first.

        A month that is going to be published has its warehouse copied beside.
        """
        check_report(self.con, QUARANTINE, quarantined_rows(self.drop.month.text))
        shutil.rmtree(self.staged, ignore_errors=True)
        self.pack_digests.clear()
        with self.copy.made_beside(self.con) if self.copy else nullcontext():
            self.pack_digests.update(write_reports(self.con, self.reported))
        return self.staged


@contextmanager
def open_month(
    home: Home,
    book: Book,
    month: Month,
    models: list[Model],
    working_file: Path,
    is_trial: bool,
    copy: EarlyCopy | None = None,
) -> Iterator[MonthInWork]:
    """The month in work over a working file, whose connection is closed at the end.

    In: also the copy of the working file that is to be published, where it is. The inputs are
    digested before any of them is loaded. Stop when the drop is not whole.
    """
    drop = book.drop(month)
    known = KnownDigests(home.digests)
    inputs = digest_inputs(book, drop, known.digest)
    known.save()
    staged = home.work / f"{'trial' if is_trial else 'close'}-{month}"
    with open_warehouse(working_file, home.work / "spill") as con:
        yield MonthInWork(con, book, drop, inputs, models, staged, is_trial, copy)
