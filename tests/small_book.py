"""A tiny valid book for tests; a test says only what is special about its own.

    book = write_book(tmp_path / "book", drop(orders=[row("orders", order_id="O1", amount="x")]))

Belongs here: valid rows of every table that name each other, and ways to write, load and check a
book. What is right or wrong about them is in the tests.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.book.drops import COLUMNS, open_book
from pipelines.extracts.check_command import Check, check_drop, load_drop
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month, months_between
from pipelines.stop import Stop

Row = dict[str, str | None]
Files = dict[str, str | bytes]

OPENING = Month("2020-01")
POLICY = """\
[company]
name = "Small Book"
currency = "EUR"
timezone = "Europe/Amsterdam"
opening_month = "2020-01"
ranks = ["associate", "manager", "director"]
[referral]
countries = ["NL", "BE"]
min_rank = "director"
min_enrolments = 0
[volume]
[inactivity]
months = 3
first_flag_month = "2020-02"
leader_rank = "manager"
max_removed_share = 1
max_flagged_share = 1
[returns]
[follow_up]
[subscriptions]
[onboarding]
"""
CALENDAR = """\
month,qualification_start,qualification_end,benefits_start,benefits_end
2020-01,2019-12-30,2020-01-26,2020-02-03,2020-03-01
2020-02,2020-01-27,2020-02-23,2020-03-02,2020-03-29
2020-03,2020-02-24,2020-03-29,2020-03-30,2020-05-03
"""

# A valid row of every table: each names the ones above it.
VALID: dict[str, Row] = {
    "members": {
        "member_id": "M1", "member_type": "associate", "name": "Ann", "email": "ann@x.com",
        "language": "en", "country": "NL", "enrolled_on": "2019-05-01", "rank": "director",
    },
    "orders": {
        "order_id": "O1", "ordered_at": "2020-01-10T12:00:00Z", "channel": "sale",
        "seller_id": "M1", "customer_email": "kim@y.com", "country": "NL",
        "amount": "100.00", "currency": "EUR", "bv": "80.00",
    },
    "returns": {
        "ran_id": "R1", "order_id": "O1", "reason": "changed_mind", "requested_on": "2020-01-12",
    },
    "parties": {"party_id": "P1", "consultant_id": "M1", "held_on": "2020-01-09"},
    "subscriptions": {
        "subscription_id": "S1", "customer_email": "kim@y.com", "consultant_id": "M1",
        "started_on": "2020-01-01", "monthly_budget": "30.00",
    },
    "accounts": {
        "account_id": "A1", "email": "lee@z.com", "partner_id": "M1", "registered_on": "2020-01-02",
    },
    "plans": {
        "plan_id": "L1", "account_id": "A1", "package": "gold", "price": "90.00",
        "instalments": "3", "first_due_on": "2020-01-15",
    },
    "order_lines": {
        "order_id": "O1", "line_no": "1", "product_code": "X1", "quantity": "2",
        "amount": "100.00", "bv": "80.00",
    },
    "reversals": {
        "reversal_id": "V1", "order_id": "O1", "reversed_at": "2020-01-20T12:00:00Z",
        "kind": "refund", "amount": "10.00", "bv": "8.00",
    },
    "paid_ranks": {"member_id": "M1", "week_start": "2020-01-06", "rank": "director"},
    "holds": {"hold_id": "H1", "member_id": "M1", "kind": "standing", "starts_on": "2020-01-05"},
    "reassignments": {
        "order_id": "O1", "member_id": "M1", "requested_at": "2020-01-11T12:00:00Z",
    },
    "leads": {"lead_id": "D1", "requested_at": "2020-01-11T12:00:00Z", "country": "NL"},
    "delegates": {"member_id": "M1", "delegate_id": "M1", "starts_on": "2020-01-01"},
    "return_lines": {
        "ran_id": "R1", "product_code": "X1", "quantity_authorised": "1", "quantity_received": "1",
    },
    "party_links": {"order_id": "O1", "party_id": "P1", "linked_on": "2020-01-11"},
    "billings": {
        "billing_id": "B1", "subscription_id": "S1", "billed_on": "2020-01-20", "amount": "30.00",
    },
    "payments": {
        "payment_id": "Y1", "account_id": "A1", "paid_on": "2020-01-16", "kind": "purchase",
        "plan_id": "L1", "amount": "30.00",
    },
}  # fmt: skip


def row(table: str, **cells: str | None) -> Row:
    """The table's valid row with some cells of the test's own (None: empty)."""
    return VALID[table] | cells


def csv_text(table: str, rows: Sequence[Mapping[str, str | None]]) -> str:
    """Rows as a CSV file with all of the table's columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS[table], lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def drop(files: Files | None = None, /, **tables: Sequence[Row]) -> Files:
    """A drop's files: members and orders with one valid row each, unless the test says otherwise.

    In: rows by table, or whole files by name; a file given by name takes its table's place.
    """
    whole = files or {}
    named = {name.split(".")[0] for name in whole}
    rows = {"members": [row("members")], "orders": [row("orders")]} | tables
    told = {f"{table}.csv": csv_text(table, rows[table]) for table in rows if table not in named}
    return told | whole


def full_drop(**tables: Sequence[Row]) -> Files:
    """A drop with one valid row of every table."""
    return drop(**{table: [row(table)] for table in VALID} | tables)


def write_book(
    folder: Path, *drops: Files, policy: str | bytes = POLICY, calendar: str | bytes = CALENDAR
) -> Path:
    """Write a book whose drops are those of January 2020, February 2020 and so on."""
    write_files(folder, {"policy.toml": policy, "calendar.csv": calendar})
    month = OPENING
    for files in drops or [drop()]:
        write_files(folder / month.text, files)
        month = month.next
    return folder


def write_files(folder: Path, files: Files) -> None:
    """Write files by name; text as UTF-8, line ends as given."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def check(book: Path, month: str = "2020-01") -> Check:
    """What `upline check` finds in the month's drop."""
    return check_drop(book, Month(month))


def why_stopped(book: Path, month: str = "2020-01") -> str:
    """Why the month cannot be closed; nothing where it can."""
    try:
        return check(book, month).stopped or ""
    except Stop as stop:
        return str(stop)


def listed(found: Check, *columns: str) -> list[tuple[str | int | None, ...]]:
    """The quarantine, in its order: by default table, line, key, code and column."""
    names = columns or ("table", "line", "key", "code", "column")
    return [tuple(entry[name] for name in names) for entry in found.quarantine]


@contextmanager
def loaded(book: Path, month: str = "2020-01") -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with every drop from the opening month up to `month`."""
    with loaded_from(book, OPENING.text, month) as con:
        yield con


@contextmanager
def loaded_from(book: Path, opening: str, month: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """As `loaded`, of a book that opens in another month."""
    with open_warehouse(None) as con:
        for each in months_between(Month(opening), Month(month)):
            opened = open_book(book, each)
            load_drop(con, opened, opened.drop(each))
        yield con
