"""Closes of books in which much happens at one instant, held against a plain reference calculation.

Belongs here: the ledger entry by entry, what reversals without bv take, refunds, sales and journal.
The rules are written out once more, as contracts 1 and 2 have them, over one row after the other.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from small_book import Row
from tied_books import MONTHS, TiedBook, tied_book
from upline_command import close

pytestmark = pytest.mark.long

SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(5, 31))]
CENT = Decimal("0.01")
Report = list[dict[str, str]]
Entry = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Document:
    """An order, or a document about one: when, in which drop, which row."""

    at: datetime
    day: str
    drop: int
    row: Row

    @property
    def month(self) -> str:
        """The month that it posts in."""
        return max(self.day[:7], MONTHS[self.drop])


@dataclass(frozen=True)
class Closed:
    """A tied book, its closed months, and what of it stands after quarantine."""

    book: TiedBook
    reports: Path

    def report(self, month: str, name: str) -> Report:
        """A report's rows; none where the file is not there."""
        path = self.reports / month / f"{name}.csv"
        if not path.exists():
            return []
        with path.open(newline="") as source:
            return list(csv.DictReader(source))

    def documents(self, table: str, dated: str) -> Iterator[Document]:
        """A table's rows, drop by drop."""
        zone = ZoneInfo(self.book.zone)
        for number, tables in enumerate(self.book.tables):
            for each in tables[table]:
                at = datetime.fromisoformat(str(each[dated]).replace("Z", "+00:00"))
                at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
                yield Document(at, str(at.astimezone(zone).date()), number, each)

    @property
    def orders(self) -> dict[str, Document]:
        """Every order by its id."""
        return {str(each.row["order_id"]): each for each in self.documents("orders", "ordered_at")}


@pytest.fixture(scope="module", params=SEEDS)
def closed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """Three closed months."""
    folder = tmp_path_factory.mktemp("tied")
    book = tied_book(request.param)
    outcome = close(MONTHS[-1], book.write(folder / "book"), folder / "home", "--through")
    assert outcome.code == 0, outcome.err
    return Closed(book, folder / "home" / "reports")


def worked_out(order: Row, amount: Decimal, left: tuple[Decimal, Decimal]) -> Decimal:
    """What a reversal without bv takes of an order's bv."""
    whole, bv = Decimal(str(order["amount"])), Decimal(str(order["bv"]))
    if amount == 0 or whole == 0:
        return Decimal(0)
    if amount == left[0]:
        return left[1]
    exact = Fraction(bv) * Fraction(amount) / Fraction(whole) * 100
    cents = (exact + Fraction(1, 2)).__floor__()
    return min(Decimal(cents) * CENT, left[1])


def standing(closed: Closed) -> tuple[dict[str, tuple[Document, Decimal]], Counter[str]]:
    """The reversals that stand, each with the bv that it takes, and the codes of the others."""
    orders, codes = closed.orders, Counter[str]()
    left = {
        name: (Decimal(str(each.row["amount"])), Decimal(str(each.row["bv"])))
        for name, each in orders.items()
    }
    found: dict[str, tuple[Document, Decimal]] = {}
    documents = sorted(
        closed.documents("reversals", "reversed_at"),
        key=lambda each: (each.drop, each.at, str(each.row["reversal_id"])),
    )
    for each in documents:
        order = str(each.row["order_id"])
        amount = Decimal(str(each.row["amount"]))
        if each.day < orders[order].day:
            codes["before_order"] += 1
            continue
        given = each.row["bv"]
        bv = Decimal(given) if given else worked_out(orders[order].row, amount, left[order])
        over = (amount > left[order][0]) + (bv > left[order][1])
        if over:
            codes["exceeds_order"] += over
            continue
        left[order] = (left[order][0] - amount, left[order][1] - bv)
        found[str(each.row["reversal_id"])] = (each, bv)
    return found, codes


def expected_ledger(closed: Closed) -> dict[str, list[Entry]]:
    """Each month's entries in their order, from who was assigned what."""
    orders, (reversals, _) = closed.orders, standing(closed)
    assigned = {
        each["order_id"]: each["member_id"]
        for month in MONTHS
        for each in closed.report(month, "referral/assignments")
    }
    ledger: dict[str, list[Entry]] = {}
    holder: dict[str, str] = {}
    left = {name: Decimal(str(each.row["bv"])) for name, each in orders.items()}
    moves = [
        each
        for each in closed.documents("reassignments", "requested_at")
        if each.day >= orders[str(each.row["order_id"])].day
    ]
    for month in MONTHS:
        happened: list[tuple[datetime, int, str, Document]] = []
        happened += [(o.at, 1, name, o) for name, o in orders.items() if o.month == month]
        happened += [
            (max(each.at, orders[order].at), 2, order, each)
            for each in moves
            if each.month == month and (order := str(each.row["order_id"]))
        ]
        happened += [
            (max(each.at, orders[str(each.row["order_id"])].at), 3, name, each)
            for name, (each, _) in reversals.items()
            if each.month == month
        ]
        entries: list[Entry] = []
        is_run = "referral" in closed.book.sections[MONTHS.index(month)]
        for _, place, source, document in sorted(happened, key=lambda each: each[:3]):
            order = str(document.row["order_id"])
            placed = orders[order].row
            if place == 1:
                own = {"member": placed["buyer_id"], "sale": placed["seller_id"]}
                holder[order] = str(own.get(str(placed["channel"])) or assigned.get(order, ""))
                entries.append((order, "credit", source, holder[order], f"{left[order]:.2f}"))
            elif place == 2:
                is_taken = left[order] == 0 and Decimal(str(placed["bv"])) > 0
                if placed["channel"] != "retail" or not holder[order] or is_taken or not is_run:
                    continue
                new = str(document.row["member_id"])
                entries.append((order, "transfer", source, holder[order], f"{-left[order]:.2f}"))
                entries.append((order, "transfer", source, new, f"{left[order]:.2f}"))
                holder[order] = new
            else:
                bv = reversals[source][1]
                left[order] -= bv
                entries.append((order, "reversal", source, holder[order], f"{-bv:.2f}"))
        ledger[month] = entries
    return ledger


@pytest.mark.long
def test_the_ledger_is_the_references_entry_by_entry(closed: Closed) -> None:
    expected = expected_ledger(closed)
    for month in MONTHS:
        names = ("order_id", "entry", "source_id", "member_id", "bv")
        found = [
            tuple(each[name] for name in names)
            for each in closed.report(month, "finance/bv_ledger")
        ]
        # Nothing taken is printed as -0.00 nowhere.
        told = [(*entry[:4], entry[4].replace("-0.00", "0.00")) for entry in expected[month]]
        assert found == told, month


def test_what_is_left_out_is_what_the_reference_leaves_out(closed: Closed) -> None:
    _, codes = standing(closed)
    found = Counter(
        each["code"]
        for month in MONTHS
        for each in closed.report(month, "quality/quarantine")
        if each["table"] == "reversals" and each["code"] != "changed"
    )
    # What was left out and is sent again may be left out again.
    assert set(found) == set(codes) and all(found[code] >= codes[code] for code in codes)


def test_the_proof_and_the_sales_come_out_at_the_ledgers_net(closed: Closed) -> None:
    for month in MONTHS:
        lines = {
            each["line"]: Decimal(each["bv"])
            for each in closed.report(month, "finance/reconciliation")
        }
        ledger = closed.report(month, "finance/bv_ledger")
        house = sum(Decimal(each["bv"]) for each in ledger if not each["member_id"])
        sold = closed.report(month, "finance/sales")
        assert lines["house_net"] == house and lines["difference"] == 0
        assert lines["net"] - lines["house_net"] == lines["volume_total"]
        assert sum(Decimal(each["net_bv"]) for each in sold) == lines["net"]
        credits = sum(each["entry"] == "credit" for each in ledger)
        assert sum(int(each["orders"]) for each in sold) == credits


def test_refunds_of_a_product_never_exceed_it_and_all_of_it_is_all_of_its_amount(
    closed: Closed,
) -> None:
    lines = {
        str(each["order_id"]): each
        for tables in closed.book.tables
        for each in tables["order_lines"]
    }
    for number, month in enumerate(MONTHS):
        if "returns" not in closed.book.sections[number]:
            continue
        due: dict[str, Decimal] = defaultdict(Decimal)
        accepted: dict[str, int] = defaultdict(int)
        pieces = closed.report(month, "returns/lines")
        taken = {each["ran_id"]: int(each["accepted"]) for each in pieces}
        for each in closed.report(month, "returns/decisions"):
            due[each["order_id"]] += Decimal(each["refund_due"])
            if each["remedy"] == "refund":
                accepted[each["order_id"]] += taken.get(each["ran_id"], 0)
        for order, amount in due.items():
            assert amount <= Decimal(str(lines[order]["amount"]))
            if accepted[order] == 3:
                assert amount == Decimal(str(lines[order]["amount"]))


def test_the_journal_balances_and_books_what_is_due_since_the_last_one(closed: Closed) -> None:
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for number, month in enumerate(MONTHS):
        lines = closed.report(month, "finance/journal")
        sections = closed.book.sections[number]
        path = closed.reports / month / "finance" / "journal.csv"
        assert path.exists() == ("journal" in sections)
        for document in {(each["document"], each["currency"]) for each in lines}:
            own = [each for each in lines if (each["document"], each["currency"]) == document]
            sides = [sum(Decimal(each[side] or 0) for each in own) for side in ("debit", "credit")]
            assert sides[0] == sides[1] > 0
            assert all((each["debit"] == "") != (each["credit"] == "") for each in own)
        if not {"journal", "returns"} <= set(sections):
            assert not any(each["document"].endswith("-refunds") for each in lines)
            continue
        for each in lines:
            if each["account"] == "2110":
                change = Decimal(each["credit"] or 0) - Decimal(each["debit"] or 0)
                booked[each["currency"]] += change
        due: dict[str, Decimal] = defaultdict(Decimal)
        for each in closed.report(month, "returns/decisions"):
            due[each["currency"]] += max(Decimal(0), Decimal(each["difference"]))
        assert {name: each for name, each in booked.items() if each} == {
            name: each for name, each in due.items() if each
        }


def test_much_happens_at_one_instant(closed: Closed) -> None:
    entries = [each for month in MONTHS for each in expected_ledger(closed)[month]]
    kinds = Counter(kind for _, kind, *_ in entries)
    reversals, codes = standing(closed)
    assert kinds["transfer"] >= 4 and kinds["reversal"] >= 10 and codes["exceeds_order"]
    assert any(each.row["bv"] is None and bv for each, bv in reversals.values())
