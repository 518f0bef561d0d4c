"""The month in work as a Dagster resource: locked and open for the length of one run.

Belongs here: which month a run works on, and what an analyst is shown of a table. The steps
themselves are `closing.month_in_work`'s, the same that the command line takes.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.closing.close import finish_month, prepare_close
from pipelines.closing.home import Home
from pipelines.closing.lock import lock_home
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.closing.publish import EarlyCopy
from pipelines.months import Month
from pipelines.orchestration.columns import column_schema
from pipelines.rules.models import Model, read_models
from pipelines.rules.report_shapes import REPORT_SHAPES
from pipelines.stop import Stop


class MonthResource(dg.ConfigurableResource[Any]):
    """A run's month of a book and home.

    A month that is closed stays as it is: its steps do nothing. Any other must be the next one.
    """

    book: str
    home: str
    is_shared: bool = False

    _work: MonthInWork | None = PrivateAttr(default=None)
    _month: Month = PrivateAttr()

    @contextmanager
    def yield_for_execution(
        self, context: dg.InitResourceContext
    ) -> Generator[MonthResource, None, None]:
        """Lock the home and open the working file for the run's month."""
        run = context.run
        if run is None or "dagster/partition" not in run.tags:
            raise dg.Failure("choose a month: these assets are made month by month")
        self._month = Month.parse(run.tags["dagster/partition"])
        say = (context.log or dg.get_dagster_logger()).info
        try:
            with self._open(self._home, say):
                yield self
        except Stop as stop:
            raise dg.Failure(str(stop), allow_retries=False) from stop
        finally:
            self._work = None

    @contextmanager
    def _open(self, home: Home, say: Any) -> Generator[None, None, None]:
        folder = Path(self.book)
        with lock_home(home, say):
            if not prepare_close(folder, home, self._month, False, say):
                yield
                return
            with open_month(
                home, folder, self._month, read_models(), home.working_file, False, EarlyCopy(home)
            ) as work:
                work.begin()
                self._work = work
                yield

    @property
    def _home(self) -> Home:
        return Home(Path(self.home), self.is_shared)

    @property
    def is_closed(self) -> bool:
        """Whether the run's month is closed already."""
        return self._work is None

    @property
    def work(self) -> MonthInWork:
        """The month in work; only where it is not closed."""
        if self._work is None:
            raise dg.Failure(f"{self._month} is closed; a closed month never changes")
        return self._work

    @property
    def reports(self) -> Path:
        """Where the month's reports are once it is sealed."""
        return self._home.month(self._month)

    def make(self, model: Model) -> int:
        """Make a model's rows; Stop when what it reads is missing or stale."""
        return self.work.make(model, self.work.values())

    def finish(self) -> str:
        """Seal the month; out: the seal's digest."""
        return finish_month(self.work)

    def shown(self, model: Model, rows: int, limit: int) -> dict[str, Any]:
        """What an analyst is shown of a table's month: rows, BV, columns, the first rows."""
        if model.is_view:
            return {"kind": "a view: no rows of its own"}
        con = self.work.con
        described = con.execute(f"describe {model.table}").fetchall()
        columns = {name: kind for name, kind, *_ in described}
        names = [*columns]
        shape = REPORT_SHAPES.get(model.table)
        where = f"where close_month = '{self._month}'" if model.is_kept else ""
        metadata: dict[str, Any] = {
            "dagster/row_count": rows,
            "dagster/column_schema": column_schema(columns, shape.cells if shape else {}),
        }
        for name in ("bv", "net_bv", "personal_bv"):
            if name in names:
                [(total,)] = con.execute(
                    f"select sum({name}) from {model.table} {where}"
                ).fetchall()
                metadata[f"sum of {name}"] = str(total or 0)
        order = f"order by {model.order}" if model.order else "order by all"
        sample = con.execute(
            f"select * from {model.table} {where} {order} limit {limit}"
        ).fetchall()
        metadata["first rows"] = dg.MetadataValue.md(as_markdown(names, sample))
        return metadata

    def query(self, table: str) -> dict[str, dg.MarkdownMetadataValue]:
        """The mapping's query that makes a table's rows, and what it left of its sources."""
        text = self.work.drop.mapping.queries.get(table)
        if text is None:
            return {}
        left = self.work.con.execute(
            "select source, file, rows, left_out from quality.sources where drop_month = $1 "
            "order by all",
            [self._month.text],
        ).fetchall()
        shown = as_markdown(["source", "file", "rows", "in no table"], left)
        return {
            "the mapping's query": dg.MetadataValue.md(f"```sql\n{text}\n```"),
            "the mapping's sources": dg.MetadataValue.md(shown),
        }

    def quarantine(self, table: str) -> dg.MarkdownMetadataValue:
        """The table's quarantined rows of the month by code and column, with the first lines."""
        rows = self.work.con.execute(
            """
            select code, coalesce("column", ''), count(*), min(file), min(line)
            from quality.quarantine where drop_month = $1 and "table" = $2
            group by all order by all
            """,
            [self._month.text, table],
        ).fetchall()
        names = ["code", "column", "rows", "file", "first line"]
        return dg.MetadataValue.md(as_markdown(names, rows) if rows else "nothing")


def as_markdown(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """A Markdown table; cells of an extract cannot break out of it."""
    lines = [names, ["---"] * len(names)]
    lines += [["" if cell is None else _cell(str(cell)) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
