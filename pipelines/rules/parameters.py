"""What the rules' queries are given: the month's dates, the policy's figures, the book's tables.

Belongs here: values only. What they mean is said in the queries that name them.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.book.business_days import count_business_days
from pipelines.book.drops import Book
from pipelines.book.policy import DAYS, Policy
from pipelines.book.programmes import SECTIONS, running_sections
from pipelines.book.zone import find_changes, load_zone
from pipelines.engines.duck import transaction
from pipelines.months import Month

DEFAULT_PAY_LEVELS = 5
BOOK_TABLES = """
    create table if not exists book.ranks (rank varchar, level integer);
    create table if not exists book.referral_countries (country varchar);
    create table if not exists book.exempt_members (member_id varchar);
    create table if not exists book.markets (
        country varchar, notice_day integer, grace_days integer, first_flag_month varchar
    );
    create table if not exists book.windows (
        month varchar, qualification_start date, qualification_end date,
        benefits_start date, benefits_end date
    );
    create table if not exists book.business_days (country varchar, day date, passed integer);
    create table if not exists book.clock (
        from_at timestamp, to_at timestamp, offset_seconds integer
    );
    create table if not exists book.programmes (close_month varchar, programme varchar);
"""


def write_book_tables(con: duckdb.DuckDBPyConnection, book: Book, month: Month) -> None:
    """Put policy, calendar and business days into the tables `book.*` for the month in work."""
    policy = book.policy
    referral, inactivity = policy.referral, policy.inactivity
    with transaction(con):
        con.execute(BOOK_TABLES)
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
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"insert into book.{table} values ({marks})", rows)


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
        select country, list(distinct day order by day)
        from (
            select placed.country, unnest([placed.ordered_on, request.requested_on]) as day
            from extracts.reassignments as request
            join extracts.orders as placed on placed.order_id = request.order_id
            union all
            select placed.country, unnest([authorised.delivered_on, authorised.requested_on]) as day
            from extracts.returns as authorised
            join extracts.orders as placed on placed.order_id = authorised.order_id
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


def parameters(con: duckdb.DuckDBPyConnection, policy: Policy, month: Month) -> dict[str, Any]:
    """Every parameter that a query may name, for the month in work.

    Figures of a programme that does not run are null, as is the last month that a programme ran in
    when it never has; pay levels are the contract's default without `volume`.
    """
    values: dict[str, Any] = {
        "close_month": month.text,
        "previous_month": month.previous.text,
        "opening_month": policy.company.opening_month.text,
        "month_start": month.start,
        "month_end": month.end,
        "close_day": month.next.start,
        "company_currency": policy.company.currency,
        "pay_levels": DEFAULT_PAY_LEVELS,
    }
    return values | _figures(policy) | _last_months(con, month)


def _figures(policy: Policy) -> dict[str, Any]:
    ranks = policy.company.ranks
    figures: dict[str, Any] = {"min_rank_level": None, "leader_rank_level": None}
    for name in running_sections(policy):
        section = getattr(policy, name)
        figures |= {key: getattr(section, key) for key in section.__dataclass_fields__}
    if policy.referral:
        figures["min_rank_level"] = ranks.index(policy.referral.min_rank)
    if policy.inactivity:
        figures["leader_rank_level"] = ranks.index(policy.inactivity.leader_rank)
        figures["first_flag_month"] = policy.inactivity.first_flag_month.text
    return figures


def _last_months(con: duckdb.DuckDBPyConnection, month: Month) -> dict[str, str | None]:
    last = dict(con.execute(
        "select programme, max(close_month) from book.programmes "
        "where close_month < $1 group by programme", [month.text],
    ).fetchall())  # fmt: skip
    return {f"last_{section}_month": last.get(section) for section in SECTIONS}
