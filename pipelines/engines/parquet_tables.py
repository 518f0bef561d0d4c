"""Tables that lie in Parquet beside a working file: where, and how the working file reads them.

    <warehouse>/referral.deals/2020-01/rows-0a52375dd5dc/part-….parquet

A directory has rows of one month and is never written again. The working file names those that are
in force in a table of its own, in the transactions that it has anyway, and has a view over them.

Belongs here: directories and views. Who writes the rows is an engine; what outlives a close is in
`parquet_months`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.engines.duck import describe, literal, quoted
from pipelines.engines.loading import FIRST, LAST

CATALOGUE = "book.files"


def has_catalogue(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a warehouse file has its rules' rows in Parquet beside it."""
    [(count,)] = con.execute("""
        select count(*) from duckdb_tables()
        where schema_name || '.' || table_name = 'book.files' and database_name = current_database()
    """).fetchall()
    return bool(count)


def is_own(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table's rows are in the warehouse file itself."""
    schema, name = table.split(".")
    found = con.execute(
        "select 1 from duckdb_tables() where schema_name = $1 and table_name = $2 "
        "and database_name = current_database()",
        [schema, name],
    ).fetchall()
    return bool(found)


@dataclass(frozen=True)
class ParquetTables:
    """The tables of one working file in one warehouse folder, by its absolute path."""

    con: duckdb.DuckDBPyConnection
    warehouse: Path

    def prepare(self) -> None:
        """Create the table that names the directories, if it is not there."""
        self.con.execute(f"""
            create table if not exists {CATALOGUE}
                ("table" varchar, close_month varchar, directory varchar, rows bigint,
                 part varchar)
        """)

    def new_directory(self, table: str, month: str) -> Path:
        """A directory that nobody has ever written in."""
        directory = self.warehouse / table / month / f"rows-{uuid.uuid4().hex[:12]}"
        directory.mkdir(parents=True)
        return directory

    def add(self, table: str, month: str, directory: Path, part: str = "") -> int:
        """Have rows that were written be of a table; a directory without rows is of none.

        In: also which part of the month they are, where it is made in several. Out: how many rows
        there are.
        """
        rows = count_rows(self.con, directory)
        if rows:
            self.con.execute(
                f"insert into {CATALOGUE} values ($1, $2, $3, $4, $5)",
                [table, month, str(directory), rows, part],
            )
        return rows

    def forget(
        self, table: str, first: str = FIRST, last: str = LAST, part: str | None = None
    ) -> None:
        """Take a table's rows out, or those from one month to another, or a part of them."""
        self.con.execute(
            f'delete from {CATALOGUE} where "table" = $1 and close_month between $2 and $3 '
            f"and part = coalesce($4, part)",
            [table, first, last, part],
        )

    def directories(self, table: str) -> list[str]:
        """Where a table's rows lie."""
        found = self.con.execute(
            f'select directory from {CATALOGUE} where "table" = $1 order by close_month, directory',
            [table],
        ).fetchall()
        return [directory for (directory,) in found]

    def columns(self, table: str) -> dict[str, str]:
        """A table's columns with their types, as the working file has them."""
        return describe(self.con, f"from {table}", {})

    def show(self, table: str, columns: Mapping[str, str]) -> None:
        """Have the working file read a table's directories, with declared columns."""
        self.con.execute(f"create schema if not exists {table.split('.')[0]}")
        rows = rows_in(self.directories(table), columns)
        self.con.execute(f"create or replace view {table} as {rows}")


def count_rows(con: duckdb.DuckDBPyConnection, directory: Path) -> int:
    """How many rows a directory has, as its files' footers say."""
    if not any(directory.glob("*.parquet")):
        return 0
    [(rows,)] = con.execute(f"select count(*) from {read_from([str(directory)])}").fetchall()
    return int(rows)


def read_from(directories: Iterable[str]) -> str:
    """SQL for the rows that lie in directories, to stand after `from`."""
    files = ", ".join(literal(f"{directory}/*.parquet") for directory in directories)
    return f"read_parquet([{files}], hive_partitioning = false)"


def rows_in(directories: list[str], columns: Mapping[str, str]) -> str:
    """A query for the rows that lie in directories, whose columns are declared."""
    if directories:
        listed = ", ".join(
            f"cast({quoted(name)} as {kind}) as {quoted(name)}" for name, kind in columns.items()
        )
        return f"select {listed} from {read_from(directories)}"
    listed = ", ".join(f"cast(null as {kind}) as {quoted(name)}" for name, kind in columns.items())
    return f"select {listed} where false"


def forget_months(con: duckdb.DuckDBPyConnection, month: str) -> None:
    """Have a warehouse file's views leave a month and all later ones out; nothing is swept."""
    if not has_catalogue(con):
        return
    con.execute(f"""
        create or replace temp table kept_by_month as
        select distinct "table" from {CATALOGUE}
        join duckdb_columns() on schema_name || '.' || table_name = "table"
        where column_name = 'close_month' and database_name = current_database()
            and "table" <> 'book.files'
    """)
    kept = con.execute("from kept_by_month").fetchall()
    con.execute("drop table kept_by_month")
    for (table,) in kept:
        tables = ParquetTables(con, Path())
        columns = tables.columns(table)
        if _is_view(con, table):
            tables.forget(table, month)
            tables.show(table, columns)


def _is_view(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    [(count,)] = con.execute(
        "select count(*) from duckdb_views() where schema_name || '.' || view_name = $1", [table]
    ).fetchall()
    return bool(count)
