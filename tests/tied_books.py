"""Random books in which much happens at one instant, the same for the same seed.

Belongs here: documents stamped with midnight or with each other's times, several reversals of one
order with and without bv, drops that send again what was sent, sections that come and go. What must
hold of their closes is in test_tied_books.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from small_book import Files, Row, drop, row, write_book

COMPANY = """\
[company]
name = "Tied Book"
currency = "EUR"
timezone = "{zone}"
opening_month = "2020-01"
ranks = ["associate", "manager", "director"]
[volume]
[quality]
max_quarantined_share = 1
"""
SECTIONS = {
    "referral": (
        '[referral]\ncountries = ["NL", "BE"]\nmin_rank = "director"\nmin_order_bv = 0\n'
        "min_enrolments = 0\nreassignment_business_days = 3660\n"
    ),
    "returns": "[returns]\nguarantee_days = 3660\nran_days = 3660\n",
    "journal": (
        '[journal]\ncommission_expense = "6100"\ncommission_payable = "2100"\n'
        'refund_expense = "4090"\nrefund_payable = "2110"\n'
    ),
    "subscriptions": "[subscriptions]\n",
}
ZONES = ("America/New_York", "Asia/Kolkata", "Europe/Amsterdam", "Pacific/Kiritimati", "UTC")
MONTHS = ("2020-01", "2020-02", "2020-03")
CLOCKS = ("00:00", "00:00:00.000001", "12:00", "12:00:00.5", "23:59:59.999999")
WEEKS = {"2020-01": ("2019-12-30", "2020-01-06", "2020-01-13", "2020-01-20"),
         "2020-02": ("2020-01-27", "2020-02-03", "2020-02-10", "2020-02-17"),
         "2020-03": ("2020-02-24", "2020-03-02", "2020-03-09", "2020-03-16",
                     "2020-03-23")}  # fmt: skip


@dataclass
class TiedBook:
    """A book's zone and, drop by drop, its sections and rows."""

    zone: str
    sections: list[tuple[str, ...]] = field(default_factory=list)
    tables: list[dict[str, list[Row]]] = field(default_factory=list)

    def policy(self, number: int) -> str:
        """The policy in force with a drop."""
        text = "".join(SECTIONS[name] for name in self.sections[number])
        return COMPANY.format(zone=self.zone) + text

    def write(self, folder: Path) -> Path:
        """Write the book; each drop has a policy of its own, and sends again what was sent."""
        drops: list[Files] = []
        for number, tables in enumerate(self.tables):
            again = self.tables[number - 1] if number else {}
            events = ("orders", "reversals", "reassignments")
            rows = {
                table: each + (again.get(table, [])[::3] if table in events else [])
                for table, each in tables.items()
            }
            drops.append(drop({"policy.toml": self.policy(number)}, **rows))
        return write_book(folder, *drops, policy=self.policy(0))


def tied_book(seed: int) -> TiedBook:
    """A book of three drops."""
    chance = random.Random(seed)
    book = TiedBook(chance.choice(ZONES))
    members = [
        row("members", member_id=f"M{n}", sponsor_id=f"M{max(0, n - 2)}",
            rank="director" if n < 3 else "associate")
        for n in range(8)
    ]  # fmt: skip
    for number, month in enumerate(MONTHS):
        # Who qualifies in January is dealt February's orders.
        is_dealt = number < 2
        book.sections.append(tuple(
            name for name in SECTIONS
            if chance.random() < 0.75 or (is_dealt and name == "referral")
        ))  # fmt: skip
        orders = [_order(chance, f"O{number}-{n}", month) for n in range(40)]
        orders += [
            row("orders", order_id=f"W{number}-{n}", channel="member", buyer_id=f"M{n}",
                seller_id=None, ordered_at=f"{month}-10T12:00Z")
            for n in range(3)
        ]  # fmt: skip
        known = [each for tables in book.tables for each in tables["orders"]] + orders
        tables = {
            "members": members,
            "orders": orders,
            "paid_ranks": [row("paid_ranks", member_id=f"M{n}", week_start=week)
                           for n in range(3) for week in WEEKS[month]],
            "reversals": _reversals(chance, number, month, known),
            "reassignments": _reassignments(chance, book, month, known),
        }  # fmt: skip
        book.tables.append(tables | _returns(chance, number, month, orders))
    return book


def _time(chance: random.Random, month: str) -> str:
    """One of the few instants of a month, by the company's clock or in UTC."""
    day = chance.choice(("05", "06", "28"))
    return f"{month}-{day}T{chance.choice(CLOCKS)}{chance.choice(('', '', 'Z'))}"


def _cents(chance: random.Random) -> str:
    return f"{chance.choice((0, 1, 3, 10, 100))}.{chance.choice(('00', '01', '05'))}"


def _order(chance: random.Random, order_id: str, month: str) -> Row:
    channel = chance.choice(("member", "sale", "retail", "retail", "retail"))
    who = f"M{chance.randrange(8)}"
    return row(
        "orders", order_id=order_id, channel=channel, ordered_at=_time(chance, month),
        buyer_id=who if channel == "member" else None,
        seller_id=who if channel == "sale" else None, country=chance.choice(("NL", "BE", "DE")),
        amount=_cents(chance), bv=_cents(chance), currency=chance.choice(("EUR", "GBP")),
    )  # fmt: skip


def _reversals(chance: random.Random, number: int, month: str, known: list[Row]) -> list[Row]:
    """Reversals of anything known, often several of one order, often at the order's instant."""
    found = []
    for count in range(60):
        order = chance.choice(known)
        part = chance.choice(("all", "third", "nothing", "too much"))
        whole = round(float(str(order["amount"])) * 100)
        cents = {"all": whole, "third": whole // 3, "nothing": 0, "too much": whole + 1}[part]
        at = str(order["ordered_at"])
        found.append(row(
            "reversals", reversal_id=f"V{number}-{count:02}", order_id=order["order_id"],
            reversed_at=chance.choice((at, at[:10] + "T00:00", _time(chance, month))),
            amount=f"{cents // 100}.{cents % 100:02}",
            bv=chance.choice((None, None, "0.00", "0.01", order["bv"])),
            ran_id=chance.choice((None, f"R{number}-0", f"R{number}-1")),
        ))  # fmt: skip
    return found


def _reassignments(
    chance: random.Random, book: TiedBook, month: str, known: list[Row]
) -> list[Row]:
    moved = {each["order_id"] for tables in book.tables for each in tables["reassignments"]}
    left = [each for each in known if each["order_id"] not in moved]
    return [
        row("reassignments", order_id=order["order_id"], member_id=f"M{chance.randrange(8)}",
            requested_at=chance.choice((
                str(order["ordered_at"]), str(order["ordered_at"])[:10] + "T00:00",
                _time(chance, month),
            )))
        for order in chance.sample(left, 20)
    ]  # fmt: skip


def _returns(
    chance: random.Random, number: int, month: str, orders: list[Row]
) -> dict[str, list[Row]]:
    """Three products of a few orders given back piece by piece."""
    few = orders[:4]
    lines = [
        row("order_lines", order_id=each["order_id"], product_code="P", quantity="3",
            amount=_cents(chance), bv=_cents(chance))
        for each in few
    ]  # fmt: skip
    rans = [
        row("returns", ran_id=f"R{number}-{n}", order_id=chance.choice(few)["order_id"],
            reason=chance.choice(("changed_mind", "changed_mind", "faulty")),
            requested_on=f"{month}-28", delivered_on=f"{month}-28", issued_on=f"{month}-28",
            received_on=f"{month}-29", ran_displayed="true", proof_of_purchase="true")
        for n in range(9)
    ]  # fmt: skip
    pieces = [
        row("return_lines", ran_id=each["ran_id"], product_code="P",
            quantity_authorised=str(chance.randrange(1, 3)), quantity_received="1")
        for each in rans
    ]  # fmt: skip
    return {"order_lines": lines, "returns": rans, "return_lines": pieces}
