"""Contract 2 read a second time: what is known by a month, and how cells are written.

Belongs here: plain rows as facts, what months leave for later ones, dates and money. Nothing is
shared with the program but the `holidays` package.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import holidays
from small_book import Row
from wild_books import ENDS, MONTHS, RANKS, Figures, WildBook

Cells = list[str]
Reports = dict[str, list[Cells]]
KEYS = {
    "holds": ("hold_id",), "delegates": ("member_id", "starts_on"), "returns": ("ran_id",),
    "return_lines": ("ran_id", "product_code"), "parties": ("party_id",),
    "subscriptions": ("subscription_id",), "accounts": ("account_id",), "plans": ("plan_id",),
}  # fmt: skip
DATED = {"orders": "ordered_at", "reversals": "reversed_at", "reassignments": "requested_at",
         "leads": "requested_at", "party_links": "linked_on", "billings": "billed_on"}  # fmt: skip
CENT = Decimal("0.01")
DAY = timedelta(days=1)


def money(value: Decimal | int) -> str:
    """Two places."""
    return f"{Decimal(value):.2f}"


def text(value: object) -> str:
    """A cell of any other kind."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def guard(value: str | None) -> str:
    """A cell of free text."""
    found = value or ""
    return f"'{found}" if found[:1] in tuple("=+-@\t\r") and found else found


def half_up(value: Fraction) -> Decimal:
    """To cents."""
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()) * CENT


def later(day: date, months: int) -> date:
    """So many months later, the end of a month clipped."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def day_of(cell: str | None) -> date | None:
    """A date cell."""
    return date.fromisoformat(cell) if cell else None


def business_days(country: str, first: date, last: date) -> int:
    """From the day after the first up to and including the last."""
    try:
        closed = holidays.country_holidays(country)
    except NotImplementedError:
        closed = holidays.HolidayBase()
    days = [first + n * DAY for n in range(1, (last - first).days + 1)]
    return sum(day.weekday() < 5 and day not in closed for day in days)


@dataclass
class Fact:
    """An event: its row, instant, business date and posting month ("" for history)."""

    row: Row
    at: datetime
    day: date
    posting: str

    def __getitem__(self, name: str) -> str:
        return self.row.get(name) or ""

    def number(self, name: str) -> Decimal:
        """A decimal cell."""
        return Decimal(self[name] or "0")


@dataclass
class State:
    """What closes leave for later ones."""

    qualified: dict[str, dict[str, tuple[str, set[str]]]] = field(default_factory=dict)
    services: dict[str, dict[str, int]] = field(default_factory=lambda: {"order": {}, "lead": {}})
    served: int = 0
    outcomes: dict[str, tuple[str, str]] = field(default_factory=dict)
    moved: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    flags: dict[str, dict[str, tuple[date, date, date]]] = field(default_factory=dict)
    removals: dict[str, tuple[str, bool]] = field(default_factory=dict)
    statuses: dict[str, tuple[str, str, str]] | None = None
    owners: dict[str, str] | None = None
    refunds: dict[str, Decimal] = field(default_factory=dict)


class Known:
    """What is known by a month of a wild book, and the policy in force."""

    def __init__(self, book: WildBook, zone: ZoneInfo, number: int, state: State) -> None:
        self._zone, self.number, self.state = zone, number, state
        self.name, self.end = MONTHS[number], ENDS[number]
        self.start = self.end.replace(day=1)
        self.policy: Figures = book.policies[number]
        self._tables = book.tables[: number + 1]
        self.members = self._snapshot(book.tables[number]["members"])
        self.events = {table: self._facts(table) for table in DATED}
        self.orders = {each["order_id"]: each for each in self.events["orders"]}
        self.by_order: dict[str, list[Fact]] = {}
        for each in self.events["reversals"]:
            self.by_order.setdefault(each["order_id"], []).append(each)
        self.out: Reports = {}

    def _snapshot(self, rows: list[Row]) -> dict[str, Row]:
        found = {str(each["member_id"]): dict(each) for each in rows}
        for name, each in found.items():
            if each["sponsor_id"] == name or each["sponsor_id"] not in found:
                each["sponsor_id"] = None
            if each["enroller_id"] not in found:
                each["enroller_id"] = None
        return found

    def _facts(self, table: str) -> list[Fact]:
        return [
            self._fact(each, DATED[table], MONTHS[drop])
            for drop, tables in enumerate(self._tables)
            for each in tables.get(table, [])
        ]

    def _fact(self, told: Row, dated: str, drop: str) -> Fact:
        at = datetime.fromisoformat(str(told[dated]).replace("Z", "+00:00"))
        if dated.endswith("_on"):
            day = at.date()
        else:
            at = (at if at.tzinfo else at.replace(tzinfo=self._zone)).astimezone(UTC)
            day = at.astimezone(self._zone).date()
        event = str(day)[:7]
        return Fact(told, at, day, max(event, drop) if event >= MONTHS[0] else "")

    def records(self, table: str) -> dict[tuple[str, ...], Row]:
        """The newest row of each key."""
        return {
            tuple(str(each[name]) for name in KEYS[table]): each
            for tables in self._tables
            for each in tables.get(table, [])
        }

    def posted(self, table: str) -> list[Fact]:
        """The events that post in the month."""
        return [each for each in self.events[table] if each.posting == self.name]

    def net(self, order: Fact, name: str, day: date) -> Decimal:
        """What is left of an order's bv or amount as of a day."""
        taken = (e.number(name) for e in self.by_order.get(order["order_id"], []) if e.day <= day)
        return order.number(name) - sum(taken, Decimal(0))

    def cancelled(self, order: Fact, day: date) -> bool:
        """Whether an order is cancelled as of a day."""
        return order.number("amount") == 0 or self.net(order, "amount", day) == 0

    def runs(self, section: str) -> bool:
        """Whether the policy has a section."""
        return section in self.policy

    def figure(self, section: str, name: str) -> int:
        """A whole figure of the policy."""
        return int(str(self.policy[section][name]))

    def level(self, section: str, name: str) -> int:
        """A rank of the policy as its level."""
        return RANKS.index(str(self.policy[section][name]))
