"""A month's rows as the desk looks at them: of the month in work, or of a closed one.

Belongs here: where the rows of a month are. A closed month's are read from what was published with
its seal, which anybody may read at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.book.drops import open_book
from pipelines.book.policy import Policy
from pipelines.book.programmes import running_sections
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.engines.duck import open_file
from pipelines.months import Month
from pipelines.rules.models import Model
from pipelines.stop import Stop


@dataclass(frozen=True)
class Looked:
    """A month in a warehouse.

    `seal` is the digest of the month's seal, None while it is in work; `has_own_tables`: the tables
    that only the month in work keeps have this month's rows.
    """

    con: duckdb.DuckDBPyConnection
    month: Month
    policy: Policy
    seal: str | None = None
    has_own_tables: bool = True

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query, whose parameters are `$1`, `$2`, …"""
        return self.con.execute(query, list(values)).fetchall()

    def first(
        self, rows: str, order: str, count: int
    ) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        """The columns of rows with their types, and the first of the rows in an order.

        In: SQL to stand after `from` and after `order by`, and how many rows. A BinderException
        where they have no such order.
        """
        found = self.con.execute(f"select * from {rows} order by {order} limit {count}")
        columns = {name: str(kind) for name, kind, *_ in found.description}
        return columns, found.fetchall()

    def holds(self, model: Model) -> bool:
        """Whether the rows of a model's month are there to be looked at."""
        return not model.is_view and (model.is_kept or self.has_own_tables)

    def runs(self, model: Model) -> bool:
        """Whether the policy in force runs the model's rules."""
        return model.section is None or model.section in running_sections(self.policy)


@contextmanager
def look_at_sealed(book: Path, home: Home, months: list[Month]) -> Iterator[list[Looked]]:
    """Closed months in what is published, read only.

    Stop where the book or what is published does not fit the seals; OSError where it cannot be
    read, such as while somebody writes in it.
    """
    sealed = home.sealed_months()
    with open_file(home.published_file, is_read_only=True) as con:
        held = dict(con.execute("select close_month, seal from book.closes").fetchall())
        looked = []
        for month in months:
            seal = digest_file(home.seal(month))
            if held.get(month.text) != seal:
                raise Stop(
                    f"{home.published_file}: does not hold {month} as it was sealed; close any "
                    f"month again by the command line, which publishes it anew"
                )
            policy = open_book(book, month).policy
            looked.append(Looked(con, month, policy, seal, month == sealed[-1]))
        yield looked
