"""Queries in a session: what they read is told to it, and what they give is written as Parquet.

Belongs here: how a query of ours becomes a frame of Spark's, and a frame a directory. Which queries
there are is `spark`'s and `spark_loading`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from pyspark.errors import PySparkException
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.session import SparkSession

from pipelines.engines.duck import named_parameters
from pipelines.engines.engine import Values
from pipelines.engines.parquet_tables import ParquetTables
from pipelines.engines.spark_sql import (
    as_declared,
    as_duckdb_type,
    query_of_view,
    to_spark,
    view_of,
)

# What a session's view of a table was made from.
Made = tuple[Any, ...]


@contextmanager
def told_by_spark() -> Iterator[None]:
    """What Spark cannot do, or that it is not there any more, as an OSError of one line."""
    try:
        yield
    except PySparkException as error:
        # Without the message's words where it has a condition's name: they may be of a row.
        words = str(error).strip().splitlines() or [type(error).__name__]
        raise OSError(f"Spark: {error.getCondition() or words[0]}") from error


@dataclass(frozen=True)
class SparkFrames:
    """A month's queries in a session; `con` is the working file, `made` the session's views."""

    con: duckdb.DuckDBPyConnection
    session: SparkSession
    tables: ParquetTables
    month: str
    made: dict[str, Made] = field(default_factory=dict)

    def write_rows(
        self, table: str, query: str, values: Values, columns: Mapping[str, str]
    ) -> Path:
        """Have Spark write a query's rows as a table's columns; out: where."""
        directory = self.tables.new_directory(table, self.month)
        frame = _as_columns(table, self.frame(query, values), columns)
        frame.write.mode("append").parquet(directory.as_uri())
        return directory

    def call(self, name: str, query: str) -> None:
        """Have a view of the session be what a query says, which names no values."""
        text, read = to_spark(query)
        for table in read:
            self._tell(table)
        self.session.sql(f"create or replace temporary view {name} as {text}")

    def frame(self, query: str, values: Values) -> DataFrame:
        """A query with the values that it names, a missing one as null; it is not run yet."""
        text, read = to_spark(query)
        for table in read:
            self._tell(table)
        named = {name: values.get(name) for name in named_parameters(query)}
        return self.session.sql(text, args=named)

    def _tell(self, table: str) -> Made:
        """Have the session know a table as it is now; out: what its view was made from."""
        directories = tuple(self.tables.directories(table))
        if directories:
            return self._as(table, directories, lambda: self._read(table, directories))
        schema, name = table.split(".")
        found = self.con.execute(
            "select sql from duckdb_views() where schema_name = $1 and view_name = $2",
            [schema, name],
        ).fetchall()
        if not found:  # a table of the working file without rows
            return self._as(table, ("empty",), lambda: self._read(table, ()))
        query = query_of_view(found[0][0], list(self.tables.columns(table)))
        text, read = to_spark(query)
        made = (query, *(self._tell(each) for each in read))
        return self._as(table, made, lambda: self.session.sql(text))

    def _as(self, table: str, made: Made, make: Callable[[], DataFrame]) -> Made:
        if self.made.get(table) != made:
            make().createOrReplaceTempView(view_of(table))
            self.made[table] = made
        return made

    def _read(self, table: str, directories: Sequence[str]) -> DataFrame:
        declared = as_declared(self.tables.columns(table))
        if not directories:
            return self.session.createDataFrame([], schema=declared)
        paths = [Path(directory).as_uri() for directory in directories]
        return self.session.read.schema(declared).parquet(*paths)


def _as_columns(table: str, frame: DataFrame, columns: Mapping[str, str]) -> DataFrame:
    """A frame's columns, by their places, under a table's names; TypeError for another type.

    The types are what the query has in DuckDB, which a rule's casts give it here as well.
    """
    found = [as_duckdb_type(each.dataType.simpleString()) for each in frame.schema.fields]
    if found != list(columns.values()):
        raise TypeError(f"{table}: Spark has {', '.join(found)} where there must be {columns}")
    return frame.toDF(*columns)
