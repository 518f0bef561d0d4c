"""The tables `book.*`: policy, calendar and business days where the rules read them.

Belongs here: how they are filled for the month in work. Which columns they have is said in
`extracts.own_tables`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.book.business_days import count_business_days
from pipelines.book.drops import Book
from pipelines.book.programme_sections import DAYS
from pipelines.book.programmes import running_sections
from pipelines.book.zone import find_changes, load_zone
from pipelines.engines.duck import transaction
from pipelines.months import Month

# The tables that the rules read; what else is in `book` is the close's own.
BOOK_TABLES = tuple(f"book.{name}" for name in (
    "ranks", "referral_countries", "exempt_members", "markets", "windows", "clock",
    "business_days",
))  # fmt: skip


def write_book_tables(con: duckdb.DuckDBPyConnection, book: Book, month: Month) -> None:
    """Put policy, calendar and business days into the tables `book.*` for the month in work."""
    with transaction(con):
        replace_book_tables(con, book, month)


def replace_book_tables(con: duckdb.DuckDBPyConnection, book: Book, month: Month) -> None:
    """As `write_book_tables`, in the caller's transaction."""
    policy = book.policy
    referral, inactivity = policy.referral, policy.inactivity
    _fill(con, "ranks", [(rank, level) for level, rank in enumerate(policy.company.ranks)])
    _fill(con, "referral_countries", [(c,) for c in (referral.countries if referral else ())])
    _fill(con, "exempt_members", [(m,) for m in (inactivity.exempt if inactivity else ())])
    markets = inactivity.markets if inactivity else ()
    _fill(con, "markets", [
        (m.country, m.notice_day, m.grace_days, m.first_flag_month.text) for m in markets
    ])  # fmt: skip
    _fill(con, "windows", [(w.month.text, *list(asdict(w).values())[1:]) for w in book.windows])
    _fill(con, "clock", _clock_rows(
        policy.company.timezone, policy.company.opening_month.start.year, month.end.year
    ))  # fmt: skip
    _fill_business_days(con)
    con.execute("delete from book.programmes where close_month >= $1", [month.text])
    for section in running_sections(policy):
        con.execute("insert into book.programmes values ($1, $2)", [month.text, section])


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    con.execute(f"delete from book.{table}")
    if rows:
        row = f"({', '.join('?' for _ in rows[0])})"
        values = ", ".join([row] * len(rows))
        con.execute(f"insert into book.{table} values {values}", list(chain.from_iterable(rows)))


@cache
def _clock_rows(timezone: str, opening_year: int, year: int) -> list[tuple[Any, ...]]:
    """The company's offset from UTC, stretch by stretch, for times that a rule works out.

    From the year before the opening month's to the last that a rule can wait for (DAYS).
    """
    first, last = opening_year - 1, year + DAYS // 365 + 1
    start, changes = find_changes(load_zone(timezone), first, last)
    starts = [datetime(first, 1, 1), *(change.at for change in changes)]
    offsets = [start, *(change.after for change in changes)]
    ends = [*starts[1:], datetime(last + 1, 1, 1)]
    return list(zip(starts, ends, offsets, strict=True))


def _fill_business_days(con: duckdb.DuckDBPyConnection) -> None:
    """Business days at each day from which, or up to which, a rule counts them."""
    wanted = con.execute("""
        -- All of history is looked through once.
        with dated as (
            select order_id, requested_on, cast(null as date) as delivered_on, true as is_moved
            from extracts.reassignments
            union all
            select order_id, requested_on, delivered_on, false as is_moved from extracts.returns
        )

        select country, list(distinct day order by day)
        from (
            select placed.country, unnest([
                dated.requested_on, dated.delivered_on,
                case when dated.is_moved then placed.ordered_on end
            ]) as day
            from dated join extracts.orders as placed on placed.order_id = dated.order_id
        )
        where day is not null
        group by country order by country
    """).fetchall()
    con.execute("delete from book.business_days")
    for country, days in wanted:
        passed = count_business_days(country, days)
        counted = pa.table({"country": [country] * len(days), "day": days, "passed": passed})
        con.register("counted", counted)
        con.execute("insert into book.business_days select country, day, passed from counted")
        con.unregister("counted")
