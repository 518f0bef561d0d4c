"""The month as its pages see it: the report tables, read with the month's dates as parameters.

Belongs here: how a page asks. A page only sums and selects; no rule is worked out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.book.policy import Policy
from pipelines.engines.duck import named_parameters
from pipelines.months import Month, months_between
from pipelines.places import find_folder
from pipelines.reports.look.charts import Chart, Series
from pipelines.reports.look.tables import Column, Row, Table

QUERIES = find_folder("reports/queries")
SHOWN_ROWS = 100
TREND_MONTHS = 24


class Query(str):
    """The text of a page's query, with the name of its file: a figure's way back to its rows."""

    name: str


def read_query(name: str) -> Query:
    """A page's query, from its file under reports/queries."""
    query = Query((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
    query.name = name
    return query


def query_names(folders: Sequence[str]) -> list[str]:
    """The names of all queries of folders under reports/queries, folder by folder."""
    return [
        f"{each}/{path.stem}" for each in folders for path in sorted((QUERIES / each).iterdir())
    ]


@dataclass(frozen=True)
class MonthView:
    """A month's tables and the policy in force.

    Queries may name what `parameters` has: $month, $before (the month before), $first (the first
    month of a trend), $month_start, $month_end, $year_first, $year_ago and $currency.
    """

    con: duckdb.DuckDBPyConnection
    policy: Policy
    month: Month

    @property
    def months(self) -> list[Month]:
        """The months of a trend: the last two years' closed ones and this one."""
        return months_between(self.policy.company.opening_month, self.month)[-TREND_MONTHS:]

    @property
    def year_first(self) -> str:
        """The first month of the calendar year that the month is in."""
        return f"{self.month.text[:4]}-01"

    @property
    def year_ago(self) -> Month:
        """The same month a year ago, whether or not it was closed."""
        return Month(f"{int(self.month.text[:4]) - 1:04}{self.month.text[4:]}")

    @property
    def parameters(self) -> dict[str, Any]:
        """What every query may name, with its values in this month."""
        return {
            "month": self.month.text,
            "before": self.month.previous.text,
            "first": self.months[0].text,
            "month_start": self.month.start,
            "month_end": self.month.end,
            "year_first": self.year_first,
            "year_ago": self.year_ago.text,
            "currency": self.policy.company.currency,
        }

    def rows(self, query: str, **values: Any) -> list[Row]:
        """A query's rows by column."""
        known = self.parameters | values
        found = self.con.execute(query, {name: known[name] for name in named_parameters(query)})
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, query: str, **values: Any) -> Row:
        """The one row of a query."""
        [row] = self.rows(query, **values)
        return row

    def value(self, query: str, **values: Any) -> Any:
        """The one value of a query."""
        [value] = self.row(query, **values).values()
        return value

    def count_rows(self, tables: Sequence[str]) -> dict[str, int]:
        """How many rows of the month reports' tables have; those of quality are their drop's."""
        counts = [
            f"select '{table}' as name, count(*) as rows from {table} where "
            f"{'drop_month' if table.startswith('quality.') else 'close_month'} = $month"
            for table in tables
        ]
        found = self.rows(" union all ".join(counts)) if counts else []
        return {row["name"]: row["rows"] for row in found}

    def table(
        self, id: str, caption: str, columns: tuple[Column, ...], query: Query,
        shown: int = SHOWN_ROWS, **told: Any
    ) -> Table:  # fmt: skip
        """The first rows of an ordered query, and how many there are."""
        rows = self.rows(f"{query}\nlimit {shown}")
        total = len(rows)
        if total == shown:
            total = self.value(f"select count(*) from ({query})")
        return Table(id, caption, columns, rows, total, query=query.name, **told)

    def by_month(self, query: str) -> dict[str, Row]:
        """A query's rows by their first column, a month."""
        rows = self.rows(query)
        return {next(iter(row.values())): row for row in rows}

    def trend(
        self, id: str, title: str, query: Query, names: dict[str, str], kind: str = "bv"
    ) -> Chart | None:
        """A chart of a query's columns by month, nothing as 0.

        None in the first month and where there is nothing at all.
        """
        months = self.months
        if len(months) < 2:
            return None
        found = self.by_month(query)
        series = [
            Series(title, [found.get(month.text, {}).get(name) or 0 for month in months])
            for name, title in names.items()
        ]
        if not any(value for one in series for value in one.values):
            return None
        return Chart(id, title, [month.text for month in months], series, kind, query=query.name)
