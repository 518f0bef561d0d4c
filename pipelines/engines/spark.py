"""The rules on Spark: each table's month is written as Parquet, and read back by the driver.

Belongs here: what becomes of a table's directories when its rows are made, or made again. How a
query becomes a directory is `spark_frames`', where they are `parquet_tables`'. What is one task by
nature, and small, is not sent to the cluster: steps that deal run by run are DuckDB's, over the
same Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import duckdb
from pyspark.sql.connect.session import SparkSession

from pipelines.engines.duck import describe, literal, quoted, run, transaction
from pipelines.engines.duck_rules import in_place_of
from pipelines.engines.engine import Engine, Found, Target, Values
from pipelines.engines.loading import Loading
from pipelines.engines.parquet_months import commit_month
from pipelines.engines.parquet_tables import ParquetTables
from pipelines.engines.spark_frames import Made, SparkFrames, told_by_spark
from pipelines.engines.spark_loading import SparkLoading

# Where a step's rows are while the driver adds them run by run, and with those of earlier months.
ADDED, ROUND = "temp.main.rows_added", "temp.main.rows_of_round"


@dataclass(frozen=True)
class SparkEngine:
    """One month's rules in a session; `con` is the working file, `made` the session's views."""

    con: duckdb.DuckDBPyConnection
    session: SparkSession
    tables: ParquetTables
    month: str
    made: dict[str, Made] = field(default_factory=dict)

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file, with a view over every table's Parquet."""
        return self.con

    def others(self) -> Sequence[AbstractContextManager[Engine]]:
        """None: the cluster takes each step by all of its workers."""
        return ()

    @property
    def frames(self) -> SparkFrames:
        """The queries of the month in its session."""
        return SparkFrames(self.con, self.session, self.tables, self.month, self.made)

    def loading(self) -> Loading:
        """How a table of the drop is loaded here."""
        return SparkLoading(self.frames)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: directories that no transaction has named are nobody's."""
        with transaction(self.con), told_by_spark():
            yield

    def begin(self) -> None:
        """Take out what later months have left."""
        with transaction(self.con):
            found = self.con.execute(
                'select distinct "table" from book.files where close_month > $1', [self.month]
            ).fetchall()
            for (table,) in found:
                columns = self.tables.columns(table)
                self.tables.forget(table, _after(self.month))
                if not self._is_own(table):
                    self.tables.show(table, columns)

    def _is_own(self, table: str) -> bool:
        """Whether a table's rows are in the working file itself: of the book."""
        return table.split(".")[0] == "book"

    def put(self, table: str) -> None:
        """Write a table of the working file where Spark reads it."""
        self.tables.forget(table)
        self.export(table, self.month, f"from {table}")

    def export(self, table: str, month: str, rows: str) -> None:
        """Add a query's rows in the working file, written by the driver, to a table's."""
        directory = self.tables.new_directory(table, month)
        file = literal(str(directory / "part-0.parquet"))
        self.con.execute(f"copy ({rows}) to {file} (format parquet)")
        self.tables.add(table, month, directory)

    def create(self, table: str, columns: str) -> None:
        """Have a table without rows be read, if it is not there."""
        schema, name = table.split(".")
        if not self.con.execute(
            "select 1 from duckdb_views() where schema_name = $1 and view_name = $2", [schema, name]
        ).fetchall():
            self.con.execute(f"create or replace temp table declared ({columns})")
            told = describe(self.con, "from declared", {})
            self.con.execute("drop table declared")
            self.tables.show(table, told)

    def view(self, table: str, query: str) -> None:
        """Have a table be what its query says; Spark is told when it reads it."""
        self.con.execute(f"create schema if not exists {table.split('.')[0]}")
        self.con.execute(f"create or replace view {table} as {query}")

    def write(self, target: Target, query: str, values: Values, is_empty: bool) -> None:
        """Replace the rows of the month in work, and of later ones, by a query's, or by none."""
        table, rows = target.table, target.rows(query)
        columns = (
            self.tables.columns(table) if target.is_declared else describe(self.con, rows, values)
        )
        directory = None if is_empty else self.frames.write_rows(table, rows, values, columns)
        self.tables.forget(table, self.month if target.is_kept else "")
        if directory is not None:
            self.tables.add(table, self.month, directory)
        self.tables.show(table, columns)

    def append(self, target: Target, query: str, rounds: Sequence[Values], are_runs: bool) -> None:
        """Add a query's rows once for each round's values: runs by the driver, others here."""
        if are_runs:
            self._append_runs(target, query, rounds)
            return
        table, columns = target.table, self.tables.columns(target.table)
        for values in rounds:
            directory = self.frames.write_rows(table, target.rows(query), values, columns)
            self.tables.add(table, self.month, directory)
            self.tables.show(table, columns)

    def _append_runs(self, target: Target, query: str, rounds: Sequence[Values]) -> None:
        """Add each round's rows in memory, and write the month's as one directory."""
        con, table, columns = self.con, target.table, self.tables.columns(target.table)
        month = literal(self.month)
        of_month = f"where close_month = {month}" if target.is_kept else ""
        others = f"from {table} where close_month <> {month} union all" if target.is_kept else ""
        con.execute(f"create or replace temp table {ADDED} as from {table} {of_month}")
        con.execute(f"create or replace temp view {ROUND} as {others} from {ADDED}")
        again = in_place_of(table, ROUND, target.rows(query))
        for values in rounds:
            run(con, f"insert into {ADDED} {again}", values)
        self.tables.forget(table, self.month if target.is_kept else "")
        self.export(table, self.month, f"from {ADDED}")
        self.tables.show(table, columns)
        con.execute(f"drop view {ROUND}")
        con.execute(f"drop table {ADDED}")

    def replace_until_null(
        self, target: Target, query: str, column: str, values: Values, most: int
    ) -> bool:
        """Replace all rows by a query's as long as any has the column; out: whether that ended."""
        table, columns = target.table, self.tables.columns(target.table)
        for _ in range(most):
            alive = self.con.execute(
                f"select 1 from {table} where {quoted(column)} is not null limit 1"
            ).fetchall()
            if not alive:
                return True
            directory = self.frames.write_rows(table, query, values, columns)
            self.tables.forget(table)
            self.tables.add(table, self.month, directory)
            self.tables.show(table, columns)
        return False

    def fetch(self, query: str, values: Values) -> Found:
        """A query's rows, of which there are few."""
        frame = self.frames.frame(query, values)
        return Found(tuple(frame.columns), [tuple(row) for row in frame.collect()])

    def commit(self, seal: str) -> None:
        """Write the month's manifest."""
        commit_month(self.tables, self.month, seal)


def _after(month: str) -> str:
    """What comes after a month, and before the next one, by its text."""
    return f"{month}~"
