"""Loading in DuckDB: what is kept of a load are temporary tables of the working file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from pipelines.engines.loading import FIRST, LAST


@dataclass(frozen=True)
class DuckLoading:
    """The working file's own engine."""

    con: duckdb.DuckDBPyConnection
    _kept: set[str] = field(default_factory=set)

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file itself."""
        return self.con

    def hand(self, name: str, rows: pa.Table) -> None:
        """Know rows by a name; they are not copied."""
        self.con.register(name, rows)

    def take_back(self, name: str) -> None:
        """Know them no more."""
        self.con.unregister(name)

    def fill(self, name: str, queries: Iterator[str]) -> None:
        """Insert one query's rows after the other's."""
        for at, query in enumerate(queries):
            into = f"insert into {name}" if at else f"create or replace temp table {name} as"
            self.con.execute(f"{into} {query}")
        self._kept.add(name)

    def keep(self, name: str, query: str) -> None:
        """Make a temporary table."""
        self.con.execute(f"create or replace temp table {name} as {query}")
        self._kept.add(name)

    def call(self, name: str, query: str) -> None:
        """Make a temporary view."""
        self.con.execute(f"create or replace temp view {name} as {query}")

    def add(self, table: str, month: str, query: str) -> int:
        """Insert a query's rows, which say themselves of which drop they are."""
        [(added,)] = self.con.execute(f"insert into {table} {query}").fetchall()
        return int(added)

    @contextmanager
    def adding(self, table: str, month: str, part: str) -> Iterator[Callable[[str], None]]:
        """Insert each query's rows."""

        def add(query: str) -> None:
            self.con.execute(f"insert into {table} {query}")

        yield add

    def remove(
        self, table: str, first: str = FIRST, last: str = LAST, part: str | None = None
    ) -> None:
        """Delete the rows of some drops."""
        named = 'and "table" = $3' if part else ""
        self.con.execute(
            f"delete from {table} where drop_month between $1 and $2 {named}",
            [first, last, *([part] if part else [])],
        )

    def release(self) -> None:
        """Drop what was kept: of a large file it would stay on the disk, and in memory."""
        for name in self._kept:
            self.con.execute(f"drop table if exists temp.main.{name}")
        self._kept.clear()
