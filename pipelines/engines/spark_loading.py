"""Loading on Spark: what is kept of a load is Parquet in the warehouse, which both engines read.

    <warehouse>/loading.typed/2020-01/rows-0a52375dd5dc/part-….parquet

Belongs here: how a name of a load is one thing to the session and to the driver. No table of the
working file names these directories: what a load that dies has left is swept.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.engines.duck import describe, literal, quoted
from pipelines.engines.loading import FIRST, LAST
from pipelines.engines.parquet_tables import is_own, rows_in
from pipelines.engines.spark_frames import SparkFrames
from pipelines.engines.spark_sql import as_declared


@dataclass(frozen=True)
class SparkLoading:
    """One table's load in a session, and the directories that it has made."""

    frames: SparkFrames
    _made: dict[str, Path] = field(default_factory=dict)
    _left: list[Path] = field(default_factory=list)

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file, with a view over everything."""
        return self.frames.con

    def hand(self, name: str, rows: pa.Table) -> None:
        """Write the rows where the cluster reads them."""
        self.reader.register("in_hand", rows)
        try:
            self.fill(name, iter(["select * from in_hand"]))
        finally:
            self.reader.unregister("in_hand")

    def take_back(self, name: str) -> None:
        """Nothing: they go with all else that the load has kept."""

    def fill(self, name: str, queries: Iterator[str]) -> None:
        """Have the driver write each query's rows as a file."""
        directory = self.frames.tables.new_directory(_folder_of(name), self.frames.month)
        columns: dict[str, str] = {}
        writer = _FileWriter(self.reader, directory)
        for query in queries:
            columns = columns or describe(self.reader, query, {})
            writer.write(query)
        self._know(name, directory, columns)

    def keep(self, name: str, query: str) -> None:
        """Have the cluster write a query's rows."""
        columns = describe(self.reader, query, {})
        directory = self.frames.write_rows(_folder_of(name), query, {}, columns)
        self._know(name, directory, columns)

    def call(self, name: str, query: str) -> None:
        """Have a view of the session, and one of the driver's for what it asks itself."""
        self.frames.call(name, query)
        self.reader.execute(f"create or replace temp view {name} as {query}")

    def add(self, table: str, month: str, query: str) -> int:
        """Have the cluster write a query's rows as a directory of the table's."""
        tables = self.frames.tables
        columns = tables.columns(table)
        named = ", ".join(map(quoted, columns))
        typed = ", ".join(f"cast({quoted(name)} as {kind})" for name, kind in columns.items())
        rows = f"select {typed} from ({query}) as added({named})"
        directory = self.frames.write_rows(table, rows, {}, columns)
        added = tables.add(table, month, directory)
        tables.show(table, columns)
        return added

    @contextmanager
    def adding(self, table: str, month: str, part: str) -> Iterator[Callable[[str], None]]:
        """Have the driver write each query's rows as a file of the table's."""
        tables = self.frames.tables
        columns = tables.columns(table)
        directory = tables.new_directory(table, month)
        yield _FileWriter(self.reader, directory).write
        tables.add(table, month, directory, part)
        tables.show(table, columns)

    def remove(
        self, table: str, first: str = FIRST, last: str = LAST, part: str | None = None
    ) -> None:
        """Have a table's directories of some drops be nobody's.

        What is a table of the working file still, and has no rows, is a view from here on.
        """
        tables = self.frames.tables
        columns = tables.columns(table)
        if is_own(self.reader, table):
            self.reader.execute(f"drop table {table}")
        tables.forget(table, first, last, part)
        tables.show(table, columns)

    def release(self) -> None:
        """Remove the files that were written so far."""
        for name in self._made:
            self.reader.execute(f"drop view if exists temp.main.{name}")
        for directory in [*self._made.values(), *self._left]:
            shutil.rmtree(directory, ignore_errors=True)
        self._made.clear()
        self._left.clear()

    def _know(self, name: str, directory: Path, columns: Mapping[str, str]) -> None:
        """Have both engines read a directory by a name."""
        if name in self._made:  # what was kept may have been made of it
            self._left.append(self._made[name])
        self._made[name] = directory
        frame = self.frames.session.read.schema(as_declared(dict(columns)))
        frame.parquet(directory.as_uri()).createOrReplaceTempView(name)
        there = [str(directory)] if any(directory.glob("*.parquet")) else []
        self.reader.execute(f"create or replace temp view {name} as {rows_in(there, columns)}")


@dataclass
class _FileWriter:
    """Writes queries' rows into a directory, each query's as a file of its own."""

    con: duckdb.DuckDBPyConnection
    directory: Path
    files: int = 0

    def write(self, query: str) -> None:
        """Write the next file."""
        file = literal(str(self.directory / f"part-{self.files:05}.parquet"))
        self.con.execute(f"copy ({query}) to {file} (format parquet)")
        self.files += 1


def _folder_of(name: str) -> str:
    """The folder of what is kept of loads, as the warehouse names folders."""
    return f"loading.{name}"
