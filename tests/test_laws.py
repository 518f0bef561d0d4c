"""What holds of every close, whatever the book: laws, tried on random books.

Belongs here: statements about whole months. Single rules have their cases in tests/cases.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from random_books import POLICY, RandomBook, random_book
from small_book import CALENDAR, Row, csv_text, drop, row, write_book, write_files
from upline_command import contents

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month

pytestmark = pytest.mark.long

MONTHS = ("2020-01", "2020-02", "2020-03")
SEEDS = [
    1,
    *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 8)),
]


def close_all(book: Path, home: Path, month: str = "2020-03") -> Path:
    """Close every month up to `month`; out: the reports of all."""
    close_months(book, Home(home), Month(month), True, lambda text: None)
    return home / "reports"


@dataclass(frozen=True)
class Closed:
    """A random book, closed month by month as its drops came in."""

    rows: RandomBook
    folder: Path
    first_bytes: dict[str, bytes]

    @property
    def reports(self) -> Path:
        """The closed months."""
        return self.folder / "home" / "reports"

    def report(self, month: str, name: str) -> list[dict[str, str]]:
        """A report's rows."""
        with (self.reports / month / f"{name}.csv").open(newline="") as source:
            return list(csv.DictReader(source))


@pytest.fixture(scope="module", params=SEEDS)
def closed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """January closed when only its drop was there, then the rest."""
    rows = random_book(request.param)
    folder = tmp_path_factory.mktemp("closed")
    book = rows.write(folder / "book")
    for month in MONTHS[1:]:
        (book / month).rename(folder / month)
    january = contents(close_all(book, folder / "home", "2020-01") / "2020-01")
    for month in MONTHS[1:]:
        (folder / month).rename(book / month)
    close_all(book, folder / "home")
    return Closed(rows, folder, january)


def csv_files(reports: Path) -> dict[str, bytes]:
    """The CSV files of closed months."""
    return {name: data for name, data in contents(reports).items() if name.endswith(".csv")}


def total(rows: Sequence[dict[str, str]], column: str) -> Decimal:
    """A column's sum."""
    return sum((Decimal(each[column]) for each in rows), Decimal(0))


@pytest.mark.first(1)
def test_every_row_of_a_random_book_is_loaded(closed: Closed) -> None:
    assert [closed.report(month, "quality/quarantine") for month in MONTHS] == [[], [], []]


# The ledger.


def posting_month(number: int, day: str) -> str | None:
    """The month that a document of a drop posts in: the later of its own and the drop's."""
    return max(day[:7], MONTHS[number]) if day >= "2020-01" else None


def business_day(text: str | None) -> str:
    """The day in New York, five hours or (from 8 March 2020) four behind."""
    moment = datetime.fromisoformat(str(text).removesuffix("Z"))
    summer = datetime(2020, 3, 8, 7)
    return str((moment - timedelta(hours=4 if moment >= summer else 5)).date())


def posted(closed: Closed, table: str, dated: str, month: str) -> list[Row]:
    """The documents of a table that post in a month."""
    found = closed.rows.rows(table)
    return [each for n, each in found if posting_month(n, business_day(each[dated])) == month]


@pytest.mark.parametrize("month", MONTHS)
def test_credits_less_reversals_are_the_months_documents_to_the_cent(
    closed: Closed, month: str
) -> None:
    statements = closed.report(month, "finance/statements")
    orders = posted(closed, "orders", "ordered_at", month)
    reversals = posted(closed, "reversals", "reversed_at", month)
    assert total(statements, "credits") == sum(Decimal(str(each["bv"])) for each in orders)
    assert total(statements, "reversals") == -sum(Decimal(str(each["bv"])) for each in reversals)
    assert total(statements, "transfers") == 0
    assert closed.report(month, "finance/reconciliation")[-1] == {
        "line": "difference",
        "bv": "0.00",
    }


@pytest.mark.parametrize("month", MONTHS)
def test_the_ledger_the_statements_and_the_volumes_say_the_same(closed: Closed, month: str) -> None:
    ledger = closed.report(month, "finance/bv_ledger")
    statements = closed.report(month, "finance/statements")
    volume = closed.report(month, "finance/volume")
    personal = {each["member_id"]: Decimal(each["personal_bv"]) for each in volume}
    for each in statements:
        own = [entry for entry in ledger if entry["member_id"] == each["member_id"]]
        assert total(own, "bv") == Decimal(each["net_bv"])
        if each["member_id"]:
            assert personal.get(each["member_id"], 0) == Decimal(each["net_bv"])
    assert total(ledger, "bv") == total(statements, "net_bv")


def test_every_posted_order_has_one_credit_and_keeps_what_is_left_with_one_holder(
    closed: Closed,
) -> None:
    entries = [entry for month in MONTHS for entry in closed.report(month, "finance/bv_ledger")]
    credits = [entry["order_id"] for entry in entries if entry["entry"] == "credit"]
    orders = [each for month in MONTHS for each in posted(closed, "orders", "ordered_at", month)]
    assert sorted(credits) == sorted(str(each["order_id"]) for each in orders)
    by_holder: dict[str, Counter[str]] = {}
    for entry in entries:
        if entry["order_id"] in set(credits):
            holders = by_holder.setdefault(entry["order_id"], Counter())
            holders[entry["member_id"]] += int(Decimal(entry["bv"]) * 100)
    assert all(sum(bv != 0 for bv in holders.values()) <= 1 for holders in by_holder.values())


# The rotation.


@pytest.mark.parametrize("month", MONTHS)
def test_turns_of_seats_that_are_eligible_all_the_time_differ_by_at_most_one(
    closed: Closed, month: str
) -> None:
    served: dict[str, Counter[str]] = {}
    for each in closed.report(month, "referral/assignments"):
        if each["outcome"] == "assigned":
            served.setdefault(each["benefits_month"], Counter())[each["seat_id"]] += 1
    for window, counts in served.items():
        qualified = closed.report(window, "referral/qualification")
        seats = [each["seat_id"] for each in qualified if each["qualified"] == "true"]
        turns = [counts[seat] for seat in seats]
        assert max(turns) - min(turns) <= 1 and counts.total() == sum(turns)


def test_there_are_turns_to_speak_of(closed: Closed) -> None:
    outcomes = Counter(
        each["outcome"] for month in MONTHS for each in closed.report(month, "referral/assignments")
    )
    assert outcomes["assigned"] > 20


@pytest.mark.first(1)
@pytest.mark.long
def test_refunds_and_reassignments_never_move_a_turn(closed: Closed, tmp_path: Path) -> None:
    book = Path(shutil.copytree(closed.folder / "book", tmp_path / "book"))
    for path in [*book.rglob("reversals.csv"), *book.rglob("reassignments.csv")]:
        path.unlink()
    reports = close_all(book, tmp_path / "home")
    name = "referral/assignments.csv"
    for month in MONTHS:
        assert (reports / month / name).read_bytes() == (closed.reports / month / name).read_bytes()


# Compression.


def ancestors(member: str | None, sponsors: dict[str, str | None]) -> list[str]:
    """Everybody above a member, nearest first."""
    found = []
    while member is not None and (member := sponsors[member]) is not None:
        found.append(member)
    return found


@pytest.mark.parametrize("number", range(len(MONTHS)))
def test_compression_loses_nobody_and_keeps_the_order_of_ancestors(
    closed: Closed, number: int
) -> None:
    month = MONTHS[number]
    before = {str(each["member_id"]): each["sponsor_id"] for each in closed.rows.members[number]}
    gone = {
        each["member_id"]
        for name in ("inactivity/removed", "inactivity/still_present")
        for each in closed.report(month, name)
    }
    moved = closed.report(month, "inactivity/compression")
    after = before | {each["member_id"]: each["new_sponsor_id"] or None for each in moved}
    for member in before.keys() - gone:
        assert ancestors(member, after) == [a for a in ancestors(member, before) if a not in gone]
    assert {each["member_id"] for each in moved} == {
        member for member, above in before.items() if above in gone and member not in gone
    }


def test_there_is_somebody_to_compress(closed: Closed) -> None:
    assert any(closed.report(month, "inactivity/compression") for month in MONTHS[1:])


# Bytes.


def test_a_late_document_never_changes_a_closed_month(closed: Closed) -> None:
    assert contents(closed.reports / "2020-01") == closed.first_bytes
    orders = closed.rows.rows("orders")
    assert any(business_day(each["ordered_at"]) < MONTHS[number] for number, each in orders)


@pytest.mark.first(1)
@pytest.mark.long
def test_a_closed_month_computed_again_beside_late_documents_is_the_same(
    closed: Closed, tmp_path: Path
) -> None:
    assert contents(close_all(closed.folder / "book", tmp_path / "home")) == contents(
        closed.reports
    )


@pytest.mark.first(1)
@pytest.mark.long
def test_the_order_of_the_extracts_rows_changes_no_byte(closed: Closed, tmp_path: Path) -> None:
    book = closed.rows.write(tmp_path / "book", random.Random(0))
    assert contents(book) != contents(closed.folder / "book")
    assert csv_files(close_all(book, tmp_path / "home")) == csv_files(closed.reports)


@pytest.mark.first(1)
@pytest.mark.long
def test_an_overlap_of_drops_changes_no_byte(closed: Closed, tmp_path: Path) -> None:
    book = closed.rows.write(tmp_path / "book")
    for table in ("orders", "reversals", "reassignments", "paid_ranks"):
        sent: list[Row] = []
        for number, month in enumerate(MONTHS):
            sent += closed.rows.tables[number][table]
            write_files(book / month, {f"{table}.csv": csv_text(table, sent)})
    assert csv_files(close_all(book, tmp_path / "home")) == csv_files(closed.reports)


# Depth.


@pytest.mark.exhaustive
def test_a_sponsor_line_of_two_hundred_thousand_levels_closes(tmp_path: Path) -> None:
    names = [f"M{number:06}" for number in range(200_000)]
    members = [
        row("members", member_id=name, sponsor_id=above, rank="associate" if above else "director")
        for above, name in zip([None, *names], names, strict=False)
    ]
    orders = [row("orders", seller_id=names[-1])]
    files = [drop(members=members, orders=orders), drop(members=members, orders=[])]
    write_book(tmp_path / "book", *files, policy=POLICY, calendar=CALENDAR)
    reports = close_all(tmp_path / "book", tmp_path / "home", "2020-02")
    volume = (reports / "2020-01" / "finance" / "volume.csv").read_text().splitlines()
    assert len(volume) == 200_001 and volume[1] == "M000000,0.00,80.00,0.00"
    removed = (reports / "2020-02" / "inactivity" / "removed.csv").read_text().splitlines()
    assert len(removed) == 200_000
