"""Random valid books, the same for the same seed: every row is loaded, whatever it does to a month.

Belongs here: documents that meet in all ways (late ones, reversals, moved orders, members who come
and go). What must hold of their closes is in test_laws.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from small_book import Row, drop, row, write_book

POLICY = """\
[company]
name = "Random Book"
currency = "EUR"
timezone = "America/New_York"
opening_month = "2020-01"
ranks = ["associate", "manager", "director"]
[referral]
countries = ["NL", "BE"]
min_rank = "director"
min_order_bv = 0
min_enrolments = 0
[volume]
[inactivity]
months = 1
first_flag_month = "2020-01"
leader_rank = "manager"
max_removed_share = 1
max_flagged_share = 1
"""
MONTH_ENDS = (date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31))
MONDAYS = [date(2019, 12, 30) + timedelta(weeks=week) for week in range(13)]


@dataclass
class RandomBook:
    """A book's rows, drop by drop."""

    members: list[list[Row]] = field(default_factory=list)
    tables: list[dict[str, list[Row]]] = field(default_factory=list)

    def rows(self, table: str) -> list[tuple[int, Row]]:
        """A table's rows, each with the number of its drop."""
        return [(n, each) for n, tables in enumerate(self.tables) for each in tables.get(table, [])]

    def write(self, folder: Path, shuffle: random.Random | None = None) -> Path:
        """Write the book, its rows in another order if asked for."""
        drops = [{"members": m, **t} for m, t in zip(self.members, self.tables, strict=True)]
        if shuffle is not None:
            drops = [
                {table: shuffle.sample(rows, len(rows)) for table, rows in each.items()}
                for each in drops
            ]
        return write_book(folder, *[drop(**each) for each in drops], policy=POLICY)


def random_book(seed: int, size: int = 25, orders: int = 50) -> RandomBook:
    """A book of three drops."""
    chance = random.Random(seed)
    book = RandomBook()
    everybody = [_member(chance, number) for number in range(size)]
    for number, end in enumerate(MONTH_ENDS):
        present = [each for each in everybody if number == 0 or chance.random() < 0.9]
        here = {each["member_id"] for each in present}
        book.members.append([
            each | {name: each[name] if each[name] in here else None
                    for name in ("sponsor_id", "enroller_id")}
            for each in present
        ])  # fmt: skip
        placed = [_order(chance, number, n, end, everybody) for n in range(orders)]
        placed += _own_orders(number, everybody)
        book.tables.append({"orders": placed, "paid_ranks": _paid_ranks(number, everybody)})
        book.tables[-1] |= _later_documents(chance, book, number, end, everybody)
    return book


def _member(chance: random.Random, number: int) -> Row:
    """A member below one of the four before it; the first three lead."""
    above = f"M{chance.randrange(max(0, number - 4), number):03}" if number > 2 else None
    is_associate = number < 3 or chance.random() < 0.8
    return row(
        "members",
        member_id=f"M{number:03}",
        member_type="associate" if is_associate else "preferred_customer",
        rank=("director" if number < 6 else chance.choice(["associate", "manager"]))
        if is_associate
        else None,
        sponsor_id=above,
        enroller_id=f"M{chance.randrange(number):03}" if above else None,
        business_id="FIRM" if number in (1, 2) else None,
        enrolled_on=str(date(2019, 1, 1) + timedelta(days=chance.randrange(330))),
    )


def _time(chance: random.Random, end: date, days: int) -> str:
    """A time in the days up to a month's end, sometimes a little after it."""
    day = end - timedelta(days=chance.randrange(-3, days))
    return f"{day}T{chance.randrange(24):02}:{chance.randrange(60):02}Z"


def _order(chance: random.Random, number: int, count: int, end: date, everybody: list[Row]) -> Row:
    """An order of any channel; one in five comes with a drop later than its own."""
    channel = chance.choice(["member", "sale", "retail", "retail"])
    # Every third member never orders, so that some of them are removed from the middle of a line.
    holder = chance.choice([each for n, each in enumerate(everybody) if n % 3])["member_id"]
    bv = chance.randrange(0, 20000)
    return row(
        "orders",
        order_id=f"O{number}-{count:03}",
        ordered_at=_time(chance, end, 28 if chance.random() < 0.8 else 100),
        channel=channel,
        buyer_id=holder if channel == "member" else None,
        seller_id=holder if channel == "sale" else None,
        country=chance.choice(["NL", "BE", "DE"]),
        amount=f"{bv // 50}.{bv % 50:02}",
        bv=f"{bv // 100}.{bv % 100:02}",
    )


def _own_orders(number: int, everybody: list[Row]) -> list[Row]:
    """An order of each director in the month's window, so that they qualify."""
    return [
        row("orders", order_id=f"W{number}-{each['member_id']}", channel="member", seller_id=None,
            buyer_id=each["member_id"], ordered_at=f"2020-0{number + 1}-20T12:00Z", amount="1.00",
            bv="1.00")
        for each in everybody
        if each["rank"] == "director"
    ]  # fmt: skip


def _paid_ranks(number: int, everybody: list[Row]) -> list[Row]:
    """Every director paid as such in every week of the month's window."""
    weeks = MONDAYS[4 * number : 4 * number + 4 + number // 2]
    return [
        row("paid_ranks", member_id=each["member_id"], week_start=str(week))
        for each in everybody
        if each["rank"] == "director"
        for week in weeks
    ]


def _later_documents(
    chance: random.Random, book: RandomBook, number: int, end: date, everybody: list[Row]
) -> dict[str, list[Row]]:
    """Reversals and reassignments of orders so far; no order is named twice."""
    orders = [each for _, each in book.rows("orders")]
    gone = {each["order_id"] for _, each in book.rows("reversals")}
    moved = {each["order_id"] for _, each in book.rows("reassignments")}
    taken_back = chance.sample([each for each in orders if each["order_id"] not in gone], 25)
    reversals = [_reversal(chance, each) for each in taken_back]
    retail = [e for e in taken_back if e["channel"] == "retail" and e["order_id"] not in moved]
    retail += [e for e in orders if e["channel"] == "retail" and e["order_id"] not in moved | gone]
    retail = list({str(each["order_id"]): each for each in retail}.values())
    reassignments = [
        row("reassignments", order_id=each["order_id"], requested_at=_after(chance, each),
            member_id=chance.choice(everybody)["member_id"])
        for each in retail[:12]
    ]  # fmt: skip
    return {"reversals": reversals, "reassignments": reassignments}


def _after(chance: random.Random, order: Row) -> str:
    day = date.fromisoformat(str(order["ordered_at"])[:10])
    return f"{day + timedelta(days=chance.randrange(1, 5))}T12:00Z"


def _reversal(chance: random.Random, order: Row) -> Row:
    """All of an order taken back, or nothing but its BV."""
    amount = order["amount"] if chance.random() < 0.5 else "0"
    kind = chance.choice(["refund", "fraud", "chargeback", "cancellation"])
    return row(
        "reversals",
        reversal_id=f"V-{order['order_id']}",
        order_id=order["order_id"],
        reversed_at=_after(chance, order),
        kind=kind,
        amount=amount,
        bv=order["bv"],
    )
