"""A month in work: the steps of its close, each of which a command or a Dagster asset can take.

    begin -> load each table -> set the book -> make each model -> write reports -> seal

The command line takes them in order; Dagster takes the same ones as assets, some of them, or some
again. Whoever drives them, a step that reads what is missing or was made from other inputs refuses
(see `steps`). Neither driver knows a rule.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.drops import Book, Drop, open_book
from pipelines.book.policy import Policy
from pipelines.book.programmes import running_sections
from pipelines.closing.early_copy import EarlyCopy
from pipelines.closing.home import Home, write_whole
from pipelines.closing.inputs import (
    SeenDrop,
    check_seen,
    digest_file,
    digest_inputs,
    digest_value,
    see_drop,
    see_lookups,
)
from pipelines.closing.reopening import Superseded, last_superseded
from pipelines.closing.seal import digest_reports
from pipelines.closing.steps import (
    BOOK,
    REPORTS,
    Plan,
    check_below,
    check_made,
    loading_policy,
    make_plan,
    record_step,
    recorded_steps,
)
from pipelines.closing.versions import name_versions
from pipelines.engines.duck import give_memory_back
from pipelines.engines.duck_rules import DuckEngine
from pipelines.engines.engine import Engine
from pipelines.extracts.load import Load, forget_later_drops, replace_table
from pipelines.extracts.notes import note_unread_drops
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.stray_tables import open_drop
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.reports.csv_files import quarantined_rows
from pipelines.reports.packs.write import Digests
from pipelines.reports.reported_month import ReportedMonth, SupersededReports
from pipelines.reports.write import write_reports
from pipelines.rules.book_tables import BOOK_TABLES, replace_book_tables
from pipelines.rules.compute import create_early_tables, replace_model
from pipelines.rules.models import Model
from pipelines.rules.parameters import parameters
from pipelines.rules.report_check import check_report
from pipelines.rules.report_shapes import QUARANTINE, REPORT_SHAPES
from pipelines.stop import Stop


@dataclass(frozen=True)
class MonthInWork:
    """Everything that the steps of one month's close are given.

    `seen` is the drop as it stood before anything of it was read; `previous_seal` the digest of the
    seal of the month before, None for the opening month; `made` what was committed of the month's
    steps: nobody else writes into the working file meanwhile.
    """

    con: duckdb.DuckDBPyConnection
    home: Home
    book: Book
    drop: Drop
    seen: SeenDrop
    inputs: dict[str, Any]
    previous_seal: str | None
    plan: Plan
    models: list[Model]
    is_trial: bool
    copy: EarlyCopy | None = None
    supersedes: Superseded | None = None
    on: Engine | None = None
    made: dict[str, str] = field(default_factory=dict)
    written: Digests = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """What the rules run on: the working file itself where nothing else is said."""
        return self.on or DuckEngine(self.con)

    def by(self, engine: Engine) -> MonthInWork:
        """The same month for who takes steps beside others. In: an engine of the own."""
        return replace(self, con=engine.reader, on=engine)

    @property
    def staged(self) -> Path:
        """Where the month's reports lie until they are moved to where they belong."""
        return self.home.staged(self.drop.month, self.is_trial)

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes that the policy in force runs."""
        return running_sections(self.book.policy)

    def begin(self) -> None:
        """Forget what later months have left; what this one has left is replaced table by table."""
        month = self.drop.month
        with self.engine.transaction():
            forget_later_drops(self.engine.loading(), month)
        note_unread_drops(self.con, self.book, month)
        create_early_tables(self.engine, self.models)
        self.engine.begin()
        self.con.execute("delete from book.closes where close_month >= $1", [month.text])
        self.con.execute("delete from book.steps where close_month <> $1", [month.text])
        self.home.at("the month is begun")

    @contextmanager
    def _step(self, step: str) -> Iterator[None]:
        """A step's rows in one transaction, with what they were made from."""
        check_made(self.plan, step, self.made)
        with self.engine.transaction():
            yield
            record_step(self.con, self.plan, step, is_again=step in self.made)
            self.home.at(f"before {step} is committed")
        self.made[step] = self.plan.digests[step]
        self.home.at(f"{step} is committed")

    def load(self, table: str) -> Load:
        """Load one of the drop's tables; Stop when its file was exchanged meanwhile."""
        book = replace(self.book, policy=loading_policy(self.book.policy))
        check_seen(self.seen)
        with self._step(f"extracts.{table}"):
            self.home.at(f"before {table} is read")
            load = replace_table(self.engine.loading(), book, self.drop, SHAPES[table])
            self.home.at(f"{table} is read")
            check_seen(self.seen)
        return load

    def set_book(self) -> None:
        """Put policy and calendar where the rules read them."""
        with self._step(BOOK):
            replace_book_tables(self.con, self.book, self.drop.month)
            for table in BOOK_TABLES:
                self.engine.put(table)

    def values(self) -> dict[str, Any]:
        """The parameters of the rules' queries."""
        return parameters(self.con, self.book.policy, self.drop.month)

    def make(self, model: Model, values: dict[str, Any]) -> int:
        """Make one model's rows; out: how many. A report's are held to its shape."""
        shape = REPORT_SHAPES.get(model.table)
        with self._step(model.table):
            return replace_model(self.engine, model, values, self.programmes, shape)

    @property
    def reported(self) -> ReportedMonth:
        """What the month's reports are made from."""
        old = self.supersedes
        kept = None if old is None else SupersededReports(old.folder, old.version, old.reason)
        return ReportedMonth(
            self.book.policy, self.drop.month, self.models, self.staged, self.is_trial, self.inputs,
            supersedes=kept,
        )  # fmt: skip

    @property
    def _reports_record(self) -> Path:
        """What the staged reports were made from: a file, since writing it into the warehouse would
        make the copy that was made beside them an old one."""
        return self.staged.with_name(f"{self.staged.name}.json")

    def write_reports(self) -> Path:
        """Write every report of the month into the staged folder, which is emptied first.

        A month that is going to be published has its warehouse copied beside.
        """
        check_below(self.con, self.plan, REPORTS)
        check_report(self.con, QUARANTINE, quarantined_rows(self.drop.month.text))
        self._reports_record.unlink(missing_ok=True)
        shutil.rmtree(self.staged, ignore_errors=True)
        self.written.clear()
        self.home.at("before the reports are written")
        # All of history went through it: the reports, side by side, need the room.
        give_memory_back(self.con)
        with self.copy.made_beside(self.con) if self.copy else nullcontext():
            packs = write_reports(self.con, self.reported)
        self.written.update(digest_reports(self.staged, packs))
        record = {"made_from": self.plan.digests[REPORTS], "files": digest_value(self.written)}
        write_whole(self._reports_record, json.dumps(record).encode())
        self.home.at("the reports are written")
        return self.staged

    def check_reports(self) -> Digests:
        """Stop when the staged reports are missing, stale or not as they were written.

        Out: the digest of each of their files.
        """
        made = recorded_steps(self.con, self.plan.month)
        check_made(self.plan, REPORTS, made)
        try:
            record = json.loads(self._reports_record.read_bytes())
            made_from, files = record["made_from"], record["files"]
        except (OSError, ValueError, TypeError, KeyError):
            made_from = files = None
        if made_from is None or not self.staged.is_dir():
            raise self._refuse("have not been written")
        if made_from != self.plan.digests[REPORTS]:
            raise self._refuse("were written from other inputs than there are now")
        found = self.written or digest_reports(self.staged, {})
        if digest_value(found) != files:
            raise self._refuse("are not as they were written")
        return found

    def _refuse(self, how: str) -> Stop:
        return Stop(
            f"{self.plan.month} cannot be sealed: its reports ({REPORTS}) {how}; write them again"
        )

    def forget_staged(self) -> None:
        """Take the staged reports and what is said of them away."""
        shutil.rmtree(self.staged, ignore_errors=True)
        self._reports_record.unlink(missing_ok=True)


@contextmanager
def open_month(
    home: Home,
    book_folder: Path,
    month: Month,
    models: list[Model],
    working_file: Path,
    is_trial: bool,
    copy: EarlyCopy | None = None,
    under: Policy | None = None,
) -> Iterator[MonthInWork]:
    """The month in work over a working file, whose connection is closed at the end.

    In: also the copy of the working file that is to be published, where it is; and the policy that
    takes the place of the book's own, where one does. The drop is looked at before anything of it
    is read, and its inputs are digested before any of them is loaded; the rules run on the home's
    engine. Stop when the drop is not
    whole.
    """
    open_drop(open_book(book_folder, month), month)
    seen = see_drop(book_folder / month.text)
    book = open_book(book_folder, month)
    seen = see_lookups(seen, book.mapping)
    if under is not None:
        book = replace(book, policy=under, signers=None)
    drop = book.drop(month)
    inputs = digest_inputs(book, month)
    home.at("the inputs are digested")
    opening = book.policy.company.opening_month
    previous = None if month == opening else digest_file(home.seal(month.previous))
    supersedes = last_superseded(home, month)
    before = name_versions() | dict(home.engine.versions) | {"seal": previous or ""}
    if supersedes is not None:
        before |= {"supersedes": digest_value(supersedes.told)}
    plan = make_plan(book, drop, inputs, models, before)
    with open_warehouse(working_file, home.work / "spill") as con:
        engine = home.engine.over(con, month.text)
        yield MonthInWork(
            con, home, book, drop, seen, inputs, previous, plan, models, is_trial, copy,
            supersedes, engine, recorded_steps(con, month),
        )  # fmt: skip
