"""What loading a drop's table asks of an engine.

Belongs here: the interface alone. Files are read, and their cells typed, by the driver, batch by
batch; what is asked of all rows of a table, and of all that was loaded before, are queries, which
`duck_loading` runs in the working file itself and `spark_loading` on a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import duckdb
import pyarrow as pa

# No month is before the one, or after the other.
FIRST, LAST = "", "9999-12"


class Loading(Protocol):
    """One table's way from its file into the tables `drops.*`.

    Names without a schema are of this load alone, and forgotten with it.
    """

    @property
    def reader(self) -> duckdb.DuckDBPyConnection:
        """The working file, in which every name and every table can be read: for few rows."""

    def hand(self, name: str, rows: pa.Table) -> None:
        """Know rows that the driver holds by a name, until they are taken back."""

    def take_back(self, name: str) -> None:
        """Know them no more."""

    def fill(self, name: str, queries: Iterator[str]) -> None:
        """Have a name be the rows that the driver makes: one query's after the other.

        A query is run before the next is asked for, so that it may read what is in hand by then.
        """

    def keep(self, name: str, query: str) -> None:
        """Have a name be a query's rows as they are now."""

    def call(self, name: str, query: str) -> None:
        """Have a name stand for a query over names and tables as they are now."""

    def add(self, table: str, month: str, query: str) -> int:
        """Add a query's rows, in the order of the table's columns, as a drop's; out: how many."""

    def adding(
        self, table: str, month: str, part: str
    ) -> AbstractContextManager[Callable[[str], None]]:
        """What adds rows that the driver makes, query by query, as a drop's: of one of its tables.

        The part is that table's name.
        """

    def remove(
        self, table: str, first: str = FIRST, last: str = LAST, part: str | None = None
    ) -> None:
        """Take the rows of the drops from one month to another, or a part, out of a table."""

    def release(self) -> None:
        """Let go of what was kept so far."""
