"""A run's month as a Dagster resource: locked and open for the length of one run.

Belongs here: which month a run works on, and whether it is in work, closed, or cannot be begun. The
steps themselves are `closing.month_in_work`'s, the same that the command line takes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.closing.close import finish_month, prepare_close
from pipelines.closing.early_copy import EarlyCopy
from pipelines.closing.home import Home
from pipelines.closing.home_engine import with_engine
from pipelines.closing.lock import lock_home
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.steps import BOOK
from pipelines.closing.versions import check_program
from pipelines.extracts.load import Load
from pipelines.months import Month
from pipelines.orchestration.keys import PARTITION_TAG
from pipelines.orchestration.links import Links
from pipelines.orchestration.looked import Looked, look_at_sealed
from pipelines.orchestration.markdown import as_markdown
from pipelines.orchestration.program_models import program_models
from pipelines.orchestration.step_threads import StepThreads
from pipelines.rules.models import Model
from pipelines.stop import Stop


class MonthResource(dg.ConfigurableResource[Any]):
    """A run's month of a book and home.

    A month that is closed stays as it is: its steps tell what is sealed. Any other must be the next
    one; where it is not, or cannot be begun, each step says so.
    """

    book: str
    home: str
    is_shared: bool = False
    prefix: str = ""

    _work: MonthInWork | None = PrivateAttr(default=None)
    _sealed: Looked | None = PrivateAttr(default=None)
    _stopped: Exception | None = PrivateAttr(default=None)
    _values: dict[str, Any] | None = PrivateAttr(default=None)
    _threads: StepThreads | None = PrivateAttr(default=None)
    _month: Month = PrivateAttr()

    @contextmanager
    def yield_for_execution(
        self, context: dg.InitResourceContext
    ) -> Generator[MonthResource, None, None]:
        """Lock the home and open the run's month, in work or as it was sealed."""
        run = context.run
        if run is None or PARTITION_TAG not in run.tags:
            raise dg.Failure("choose a month: these assets are made month by month")
        self._month = Month.parse(run.tags[PARTITION_TAG])
        say = (context.log or dg.get_dagster_logger()).info
        with ExitStack() as stack:
            try:
                stack.enter_context(self._open(say))
            except (Stop, OSError) as error:
                self._stopped = error
            try:
                yield self
            finally:
                self._work = self._sealed = self._stopped = self._values = self._threads = None

    @contextmanager
    def _open(self, say: Callable[[str], None]) -> Generator[None, None, None]:
        folder, home, month = Path(self.book), self._home, self._month
        check_program()
        with lock_home(home, say), with_engine(home) as home:
            if not prepare_close(folder, home, month, False, say):
                with look_at_sealed(folder, home, [month]) as [looked]:
                    self._sealed = looked
                    yield
                return
            copy = EarlyCopy(home)
            with open_month(
                home, folder, month, program_models(), home.working_file, False, copy
            ) as work:
                work.begin()
                self._work = work
                with closing(StepThreads(work)) as self._threads:
                    yield

    @property
    def _home(self) -> Home:
        return Home(Path(self.home), self.is_shared)

    @property
    def month(self) -> Month:
        """The run's month."""
        return self._month

    @property
    def closing(self) -> Home:
        """The home of the closed months."""
        return self._home

    @property
    def links(self) -> Links:
        """Links to what the UI serves beside itself."""
        return Links(self.prefix)

    @property
    def sealed(self) -> Looked | None:
        """The run's month as it was sealed; None where it is in work.

        Raises what stopped the month before its first step.
        """
        if self._stopped is not None:
            raise self._stopped
        return self._sealed

    @property
    def work(self) -> MonthInWork:
        """The month in work; only where it is not closed."""
        if self._work is None:
            raise Stop(f"{self._month} is closed; a closed month never changes")
        return self._work

    @property
    def looked(self) -> Looked:
        """The month's rows, whether it is in work or closed."""
        if self._sealed is not None:
            return self._sealed
        return Looked(self.work.con, self._month, self.work.book.policy)

    @property
    def steps_at_once(self) -> int:
        """How many steps may have begun at the same time."""
        return self._threads.at_once if self._threads else 1

    def begin(self, table: str) -> Future[Any] | None:
        """Have a table made by a thread, for `load`, `make` or `set_book` to wait for; None where
        there is none that may."""
        if self._threads is None or self._work is None:
            return None
        return self._threads.begin(table, self._known_values)

    def load(self, table: str) -> Load:
        """Load one of the drop's tables; Stop when its file was exchanged meanwhile."""
        begun = self._threads.end(f"extracts.{table}") if self._threads else None
        load: Load = begun.result() if begun else self.work.load(table)
        return load

    def set_book(self) -> None:
        """Put policy and calendar where the rules read them."""
        begun = self._threads.end(BOOK) if self._threads else None
        if begun:
            begun.result()
        else:
            self.work.set_book()

    def make(self, model: Model) -> int:
        """Make a model's rows; Stop when what it reads is missing or stale."""
        begun = self._threads.end(model.table) if self._threads else None
        rows: int = begun.result() if begun else self.work.make(model, self._known_values())
        return rows

    def _known_values(self) -> dict[str, Any]:
        if self._values is None:
            self._values = self.work.values()
        return self._values

    def finish(self) -> str:
        """Seal the month; out: the seal's digest. Its file is closed by that."""
        if self._threads:
            self._threads.close()
        digest = finish_month(self.work)
        self._home.note_book(Path(self.book))
        return digest

    def query(self, table: str) -> dict[str, dg.MarkdownMetadataValue]:
        """The mapping's query that makes a table's rows, and what it left of its sources."""
        text = self.work.drop.mapping.queries.get(table)
        if text is None:
            return {}
        left = self.looked.rows(
            "select source, file, rows, left_out from quality.sources where drop_month = $1 "
            "order by all",
            self._month.text,
        )
        shown = as_markdown(["source", "file", "rows", "in no table"], left)
        return {
            "the mapping's query": dg.MetadataValue.md(f"```sql\n{text}\n```"),
            "the mapping's sources": dg.MetadataValue.md(shown),
        }
