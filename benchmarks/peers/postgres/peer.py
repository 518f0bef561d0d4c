"""Closes every month of a book in PostgreSQL: `python -m benchmarks.peers.postgres.peer`.

Belongs here: staging a drop with COPY, running the SQL files in order, writing the reports,
timing. The rules are in the SQL. Rows are taken to be good, and every programme to run.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import time
import tomllib
from pathlib import Path
from typing import Any, TypeAlias

import holidays
import psycopg
from psycopg import sql

HERE = Path(__file__).parent
TABLES = ("members", "orders", "reversals", "paid_ranks", "holds", "reassignments", "leads",
          "delegates")  # fmt: skip
COLUMNS = {
    "members": "member_id member_type email language country sponsor_id enroller_id business_id "
    "enrolled_on rank",
    "orders": "order_id ordered_at channel buyer_id seller_id country amount bv",
    "reversals": "reversal_id order_id reversed_at kind amount bv",
    "paid_ranks": "member_id week_start rank",
    "holds": "hold_id member_id kind starts_on ends_on",
    "reassignments": "order_id member_id requested_at",
    "leads": "lead_id requested_at country",
    "delegates": "member_id delegate_id starts_on ends_on",
}
Connection: TypeAlias = "psycopg.Connection[Any]"


def month_number(text: str) -> int:
    """YYYY-MM as year * 12 + month - 1."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def first_day(month: int) -> dt.date:
    """The first day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def run_file(connection: Connection, name: str) -> None:
    """Run one SQL file."""
    connection.execute((HERE / name).read_bytes())


def set_policy(connection: Connection, policy: dict[str, Any]) -> None:
    """Write the policy's figures into their tables."""
    company, referral, inactive = (policy[name] for name in ("company", "referral", "inactivity"))
    ranks = company["ranks"]
    connection.execute("truncate policy, markets")
    row = (
        month_number(company["opening_month"]), company["timezone"], ranks,
        referral["countries"], ranks.index(referral["min_rank"]),
        referral.get("min_order_bv", 100), referral.get("min_enrolments", 2),
        referral.get("min_enrolment_order_bv", 0), referral.get("reassignment_business_days", 3),
        referral.get("contact_hours", 24), policy["volume"].get("pay_levels", 5),
        inactive.get("months", 24), month_number(inactive["first_flag_month"]),
        ranks.index(inactive.get("leader_rank", "director")), inactive.get("list_levels", 3),
        inactive.get("exempt", []),
    )  # fmt: skip
    connection.execute(f"insert into policy values ({', '.join(['%s'] * len(row))})", row)
    for country, market in inactive.get("markets", {}).items():
        first = market.get("first_flag_month")
        connection.execute(
            "insert into markets values (%s, %s, %s, %s)",
            (country, market.get("notice_day", 1), market.get("grace_days"),
             month_number(first) if first else None),
        )  # fmt: skip


def set_calendar(connection: Connection, book: Path, countries: set[str]) -> None:
    """Load the calendar, and the public holidays of its years."""
    with (book / "calendar.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        connection.execute(
            "insert into calendar values (%(number)s, %(qualification_start)s, "
            "%(qualification_end)s, %(benefits_start)s, %(benefits_end)s)",
            row | {"number": month_number(row["month"])},
        )
    years = range(int(rows[0]["month"][:4]) - 1, int(rows[-1]["month"][:4]) + 2)
    for country in countries:
        try:
            days = holidays.country_holidays(country, years=years)
        except NotImplementedError:
            continue
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into public_holidays values (%s, %s)", [(country, day) for day in days]
            )


def stage(connection: Connection, drop: Path, table: str) -> None:
    """Copy a drop's file into a table of text columns."""
    path = drop / f"{table}.csv"
    header: list[str] = COLUMNS[table].split()
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
    columns = sql.SQL(", ").join(
        sql.SQL("{} text").format(sql.Identifier(name))
        for name in dict.fromkeys(header + COLUMNS[table].split())
    )
    name = sql.Identifier(f"staged_{table}")
    connection.execute(
        sql.SQL("create temporary table {} ({}) on commit drop").format(name, columns)
    )
    if not path.exists():
        return
    listed = sql.SQL(", ").join(map(sql.Identifier, header))
    statement = sql.SQL("copy {} ({}) from stdin (format csv, header)").format(name, listed)
    with path.open("rb") as file, connection.cursor().copy(statement) as copy:
        while data := file.read(1 << 20):
            copy.write(data)
    connection.execute(sql.SQL("analyze {}").format(name))


def write_reports(connection: Connection, folder: Path) -> None:
    """Copy every report out as CSV."""
    programmes = tomllib.loads((HERE / "reports.toml").read_text("utf-8"))
    for programme, reports in programmes.items():
        (folder / programme).mkdir(parents=True, exist_ok=True)
        for name, query in reports.items():
            statement = sql.SQL("copy ({}) to stdout (format csv, header)").format(sql.SQL(query))
            path = folder / programme / f"{name}.csv"
            with path.open("wb") as file, connection.cursor().copy(statement) as copy:
                for data in copy:
                    file.write(data)


def close_month(connection: Connection, book: Path, month: int, out: Path) -> dict[str, float]:
    """Load a drop, run the rules, write the reports, in one transaction; seconds of each step."""
    name = first_day(month).strftime("%Y-%m")
    marks = {"start": time.perf_counter()}
    with connection.transaction():
        last = first_day(month + 1) - dt.timedelta(days=1)
        connection.execute("truncate closing")
        row = (month, first_day(month), last)
        connection.execute("insert into closing values (%s, %s, %s)", row)
        if (book / name / "policy.toml").exists():
            set_policy(connection, tomllib.loads((book / name / "policy.toml").read_text("utf-8")))
        for table in TABLES:
            stage(connection, book / name, table)
        run_file(connection, "01_load.sql")
        marks["load"] = time.perf_counter()
        for path in sorted(HERE.glob("0[2-9]_*.sql")):
            run_file(connection, path.name)
            marks[path.stem[3:]] = time.perf_counter()
        write_reports(connection, out / name)
        marks["write"] = time.perf_counter()
    marks["commit"] = time.perf_counter()
    steps = list(marks)
    pairs = zip(steps, steps[1:], strict=False)
    found = {step: marks[step] - marks[before] for before, step in pairs}
    return found | {"seconds": marks["commit"] - marks["start"]}


def main() -> None:
    """Close every month of a book and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="months are written beneath it")
    parser.add_argument(
        "--dsn", required=True, help="a database, collation C; empty without --first"
    )
    parser.add_argument("--first", help="go on with this month on a database that has the others")
    parser.add_argument("--through", help="the last month to close, YYYY-MM")
    given = parser.parse_args()
    policy = tomllib.loads((given.book / "policy.toml").read_text("utf-8"))
    month = month_number(given.first or policy["company"]["opening_month"])
    last = month_number(given.through) if given.through else 10**6
    with psycopg.connect(given.dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("set timezone = {}").format(policy["company"]["timezone"]))
        if not given.first:
            run_file(connection, "00_schema.sql")
            set_policy(connection, policy)
            countries = set(policy["referral"]["countries"]) | {"DE", "FR", "US"}
            set_calendar(connection, given.book, countries)
        while month <= last and (given.book / first_day(month).strftime("%Y-%m")).is_dir():
            found = close_month(connection, given.book, month, given.out)
            rounded = {name: round(seconds, 2) for name, seconds in found.items()}
            print(json.dumps({"month": first_day(month).strftime("%Y-%m"), **rounded}), flush=True)
            connection.execute("vacuum analyze")
            month += 1


if __name__ == "__main__":
    main()
