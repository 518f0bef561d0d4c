"""Spark as a home's engine: one session for all months of a command, in one warehouse folder.

Belongs here: when a session is opened: not before a month is begun, since many commands find
nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyspark
from pyspark.sql.connect.session import SparkSession

from pipelines.engines.engine import Engine
from pipelines.engines.parquet_months import claim_warehouse, is_whole, sweep
from pipelines.engines.parquet_tables import ParquetTables, has_catalogue, is_own
from pipelines.engines.spark import SparkEngine
from pipelines.engines.spark_session import open_session

# A table that is loaded, of any book.
LOADED = "drops.members"


@dataclass
class Spark:
    """Spark at a place, with a warehouse by its absolute path; `logs` for a server of our own."""

    remote: str
    warehouse: Path
    logs: Path
    _stack: ExitStack
    _session: SparkSession | None = None
    _made: dict[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def versions(self) -> Mapping[str, str]:
        """What figures come from besides the program's own versions."""
        return {"pyspark": str(pyspark.__version__), "sqlglot": version("sqlglot")}

    def has_made(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Whether a working file's rows lie in this warehouse, as the last close left them."""
        if not has_catalogue(con) or is_own(con, LOADED):
            return False
        closed = con.execute("from book.closes order by close_month desc limit 1").fetchall()
        tables = ParquetTables(con, self.warehouse)
        return all(is_whole(tables, month, seal) for month, seal in closed)

    def sweep(self, working_file: Path, closed: str | None) -> None:
        """Remove the directories that nobody names any more."""
        sweep(self.warehouse, working_file, closed)

    def over(self, con: duckdb.DuckDBPyConnection, month: str) -> Engine:
        """The engine for a month over its working file."""
        if self._session is None:
            self._session = self._stack.enter_context(open_session(self.remote, self.logs))
        tables = ParquetTables(con, self.warehouse)
        tables.prepare()
        return SparkEngine(con, self._session, tables, month, self._made)


@contextmanager
def open_spark(remote: str, warehouse: Path, home: Path, logs: Path) -> Iterator[Spark]:
    """Spark as a home's engine, whose session is left at the end.

    In: where it is, a warehouse that this home's driver and all workers have under the same path,
    the home, and a folder for logs. Stop when the warehouse is another's.
    """
    claim_warehouse(warehouse, home)
    with ExitStack() as stack:
        yield Spark(remote, warehouse, logs, stack)
