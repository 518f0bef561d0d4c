"""The rules on DuckDB: every table is one of the working file.

Belongs here: how a query's rows get into a table. What the rows are is in sql/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.engines.duck import another_connection, describe, run, transaction
from pipelines.engines.duck_loading import DuckLoading
from pipelines.engines.engine import Engine, Found, Target, Values
from pipelines.engines.loading import Loading
from pipelines.engines.parquet_tables import has_catalogue

# Where a step's rows are while it is repeated: not in the file, which would keep every round.
ROUND = "temp.main.rows_of_round"
# Each holds what its step needs in memory: more at once would be no sooner done.
MOST_AT_ONCE = 4


@dataclass(frozen=True)
class DuckEngine:
    """The working file's own engine; a month is known by the values that its queries are given."""

    con: duckdb.DuckDBPyConnection

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file itself."""
        return self.con

    def others(self) -> Sequence[AbstractContextManager[Engine]]:
        """One for each further thread that the engine may use: most steps are too small for two."""
        [(threads,)] = self.con.execute("select current_setting('threads')").fetchall()
        return [self._other() for _ in range(1, min(threads, MOST_AT_ONCE))]

    @contextmanager
    def _other(self) -> Iterator[Engine]:
        with another_connection(self.con) as con:
            yield DuckEngine(con)

    def loading(self) -> Loading:
        """How a table of the drop is loaded here."""
        return DuckLoading(self.con)

    def begin(self) -> None:
        """Nothing: what later months have left is replaced table by table."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing of what the block writes."""
        return transaction(self.con)

    def put(self, table: str) -> None:
        """Nothing: the rules read the working file."""

    @cached_property
    def _there(self) -> frozenset[str]:
        """The tables of which it is known that they are there: none is ever taken away."""
        found = self.con.execute("select schema_name || '.' || table_name from duckdb_tables()")
        return frozenset(table for (table,) in found.fetchall())

    def create(self, table: str, columns: str) -> None:
        """Create a table without rows, if it is not there."""
        self._create_schema(table)
        self.con.execute(f"create table if not exists {table} ({columns})")

    def view(self, table: str, query: str) -> None:
        """Have a table be what its query says whenever it is read."""
        self._create_schema(table)
        self.con.execute(f"create or replace view {table} as {query}")

    def _create_schema(self, table: str) -> None:
        self.con.execute(f"create schema if not exists {table.split('.')[0]}")

    def write(self, target: Target, query: str, values: Values, is_empty: bool) -> None:
        """Replace the rows of the month in work, and of later ones, by a query's, or by none."""
        con, table = self.con, target.table
        if table not in self._there:
            self._create_schema(table)
        if not target.is_kept:
            limit = " limit 0" if is_empty else ""
            run(con, f"create or replace table {table} as from ({query}\n){limit}", values)
            return
        rows = target.rows(query)
        if table not in self._there and not target.is_declared:
            self._create_table(table, rows, values)
        run(con, f"delete from {table} where close_month >= $close_month", values)
        if not is_empty:
            run(con, f"insert into {table} {rows}", values)

    def _create_table(self, table: str, rows: str, values: Values) -> None:
        """Create a table empty, with its query's columns, if it is not there.

        Column by column, never as `create table … as … limit 0`: rows that are then inserted in the
        same transaction are lost to reads until the next checkpoint, from some 200,000 on (DuckDB
        2.0).
        """
        told = describe(self.con, rows, values)
        columns = ", ".join(f'"{name}" {kind}' for name, kind in told.items())
        self.con.execute(f"create table if not exists {table} ({columns})")

    def append(self, target: Target, query: str, rounds: Sequence[Values], are_runs: bool) -> None:
        """Add a query's rows once for each round's values."""
        for values in rounds:
            run(self.con, f"insert into {target.table} {target.rows(query)}", values)

    def replace_until_null(
        self, target: Target, query: str, column: str, values: Values, most: int
    ) -> bool:
        """Repeat a query in memory until its column is empty; what comes out goes into the table.

        Out: whether that was so after at most so many rounds; the table is as it was else.
        """
        con, table = self.con, target.table
        again = in_place_of(table, ROUND, query)
        run(con, f"create or replace temp table {ROUND} as from {table}", values)
        for done in range(most):
            alive = con.execute(
                f"select count(*) from {ROUND} where {column} is not null"
            ).fetchall()
            if alive == [(0,)]:
                if done:
                    con.execute(f"create or replace table {table} as from {ROUND}")
                con.execute(f"drop table {ROUND}")
                return True
            run(con, f"create or replace temp table {ROUND} as from ({again}\n)", values)
        return False

    def fetch(self, query: str, values: Values) -> Found:
        """A query's rows, of which there are few."""
        found = run(self.con, query, values)
        names = tuple(column[0] for column in found.description or [])
        return Found(names, found.fetchall())

    def commit(self, seal: str) -> None:
        """Nothing: the working file itself is what stays."""


@dataclass(frozen=True)
class Duck:
    """DuckDB as a home's engine."""

    versions: Mapping[str, str]

    def has_made(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Whether a working file has the rules' rows itself."""
        return not has_catalogue(con)

    def sweep(self, working_file: Path, closed: str | None) -> None:
        """Nothing: what is replaced goes with its table."""

    def over(self, con: duckdb.DuckDBPyConnection, month: str) -> Engine:
        """The engine over a working file."""
        return DuckEngine(con)


# No versions but the program's own, which seals name anyway.
DUCK = Duck({})


def in_place_of(table: str, other: str, query: str) -> str:
    """A query that reads another table where it names this one."""
    return re.sub(rf"\b{re.escape(table)}\b", other, query)
