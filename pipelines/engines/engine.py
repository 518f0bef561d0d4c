"""What a close asks of the engine that its rules run on.

Belongs here: the interface alone. `duck` runs the rules in the working file itself; `spark` runs
them on a cluster, and the working file has views over what comes back. Reports and seals are the
driver's, in DuckDB, whatever the rules run on; what loading asks is in `loading`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipelines.engines.loading import Loading

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """A rule's table: `is_kept`: it has rows of every month, each with its `close_month`.

    `is_declared`: its columns were declared, so that it is there before its first month.
    """

    table: str
    is_kept: bool
    is_declared: bool = False

    @property
    def schema(self) -> str:
        """The programme that it belongs to."""
        return self.table.split(".")[0]

    def rows(self, query: str) -> str:
        """A query whose rows have the table's columns, of one that has a month's."""
        month = "cast($close_month as varchar) as close_month, " if self.is_kept else ""
        return f"select {month}* from ({query}\n)"


@dataclass(frozen=True)
class Found:
    """A few rows that a query found, and how their columns are called."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Engine(Protocol):
    """One month's rules on one engine, over one working file."""

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file, in which every table can be read: for reports, and small questions."""

    def others(self) -> Sequence[AbstractContextManager[Engine]]:
        """The same engine for those who take steps beside, each in a thread of its own."""

    def loading(self) -> Loading:
        """How a table of the drop is loaded here."""

    def begin(self) -> None:
        """Forget what later months have left."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what the block writes."""

    def put(self, table: str) -> None:
        """Have the rules read a table of the working file as it is now."""

    def create(self, table: str, columns: str) -> None:
        """Create a rule's table without rows, if it is not there. In: its columns, declared."""

    def view(self, table: str, query: str) -> None:
        """Have a rule's table be what its query says whenever it is read."""

    def write(self, target: Target, query: str, values: Values, is_empty: bool) -> None:
        """Replace the rows of the month in work, and of later ones, by a query's, or by none."""

    def append(self, target: Target, query: str, rounds: Sequence[Values], are_runs: bool) -> None:
        """Add a query's rows once for each round's values, each of which reads what was added.

        `are_runs`: there may be hundreds of rounds of a few rows each, rather than a few of many.
        """

    def replace_until_null(
        self, target: Target, query: str, column: str, values: Values, most: int
    ) -> bool:
        """Replace all rows by a query's as long as any has the column; out: whether that ended."""

    def fetch(self, query: str, values: Values) -> Found:
        """A query's rows, of which there are few."""

    def commit(self, seal: str) -> None:
        """Have what stands in the working file outlive this close, under the month's seal."""


@dataclass(frozen=True)
class AskedEngine:
    """Which engine somebody asked for: `duck`, or `spark` at a place, with a warehouse folder."""

    name: str
    remote: str | None = None
    warehouse: Path | None = None


class EngineSource(Protocol):
    """Where a home's engine comes from."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What figures depend on besides the program's own versions."""

    def has_made(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Whether a working file is one of this engine's, whose months are all there."""

    def sweep(self, working_file: Path, closed: str | None) -> None:
        """Remove what nobody needs any more. In: the month that was just closed, where one was."""

    def over(self, con: duckdb.DuckDBPyConnection, month: str) -> Engine:
        """The engine for a month over its working file."""
