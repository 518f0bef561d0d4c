"""Random books that use every table and section, small and dense, the same for the same seed.

Belongs here: members who come and go with other ranks and businesses, documents late and early,
records that change, sections and figures that differ from drop to drop. What a close of them must
say is in `second_reading`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from small_book import Files, Row, drop, row, write_book

MONTHS = ("2020-01", "2020-02", "2020-03", "2020-04")
ENDS = (date(2020, 1, 31), date(2020, 2, 29), date(2020, 3, 31), date(2020, 4, 30))
RANKS = ("associate", "manager", "director")
WINDOWS = (
    ("2020-01", date(2019, 12, 30), date(2020, 1, 12), date(2020, 1, 13), date(2020, 2, 9)),
    ("2020-02", date(2020, 1, 13), date(2020, 2, 9), date(2020, 2, 10), date(2020, 3, 8)),
    ("2020-03", date(2020, 2, 10), date(2020, 3, 8), date(2020, 3, 9), date(2020, 4, 5)),
    ("2020-04", date(2020, 3, 9), date(2020, 4, 5), date(2020, 4, 6), date(2020, 5, 3)),
)
CALENDAR = "month,qualification_start,qualification_end,benefits_start,benefits_end\n" + "".join(
    f"{month},{','.join(map(str, days))}\n" for month, *days in WINDOWS
)
ZONES = ("Europe/Amsterdam", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland", "UTC")
IDS = ("M-1", "M.1", "M1", "m1", "M10", "M2", "a", "A", "Z_9", "9z", "0", "b-b")
# Members who never order, so that some are flagged, removed, and come back.
DORMANT = tuple(f"d{n}" for n in range(12))
# Some buy every month; of most nothing is new for months.
EMAILS = (
    "kim@y.com", "KIM@y.com ", "lee@y.com", "ann@x.com", "bob@x.com",
    *(f"c{n}@x.com" for n in range(15)),
)  # fmt: skip
COUNTRIES = ("NL", "BE", "DE", "ES", "XX")
Figures = dict[str, dict[str, object]]


@dataclass
class WildBook:
    """A book's zone and, drop by drop, its sections with their figures and its rows."""

    zone: str
    policies: list[Figures] = field(default_factory=list)
    tables: list[dict[str, list[Row]]] = field(default_factory=list)

    def write(self, folder: Path) -> Path:
        """Write the book; each drop has a policy of its own."""
        drops: list[Files] = [
            drop({"policy.toml": self.policy(number)}, **tables)
            for number, tables in enumerate(self.tables)
        ]
        return write_book(folder, *drops, policy=self.policy(0), calendar=CALENDAR)

    def policy(self, number: int) -> str:
        """The policy of a drop as text."""
        lines = [
            '[company]\nname = "Wild"\ncurrency = "EUR"',
            f'timezone = "{self.zone}"\nopening_month = "2020-01"\nranks = {_toml(list(RANKS))}',
            "[quality]\nmax_quarantined_share = 1",
        ]
        for name, figures in self.policies[number].items():
            lines.append(f"[{name}]")
            lines += [f"{key} = {_toml(value)}" for key, value in figures.items()]
        return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def wild_book(seed: int) -> WildBook:
    """A book of four drops."""
    chance = random.Random(seed)
    book = WildBook(chance.choice(ZONES))
    maker = _Maker(chance, book)
    for number in range(len(MONTHS)):
        book.policies.append(_policy(chance))
        book.tables.append(maker.drop(number))
    return book


def _policy(chance: random.Random) -> Figures:
    first = chance.choice(("2019-12", "2020-01", "2020-02"))
    sections: Figures = {
        "referral": {
            "countries": sorted(chance.sample(COUNTRIES, 4)),
            "min_rank": chance.choice(("manager", "director")),
            "min_order_bv": chance.choice((0, 1)),
            "min_enrolments": chance.choice((0, 0, 1)),
            "min_enrolment_order_bv": chance.choice((0, 0, 1)),
            "reassignment_business_days": chance.choice((1, 3, 10)),
            "contact_hours": chance.choice((0, 5, 24, 47)),
        },
        "volume": {"pay_levels": chance.choice((1, 2, 5))},
        "inactivity": {
            "months": chance.choice((1, 1, 2)), "first_flag_month": first,
            "leader_rank": chance.choice(RANKS), "list_levels": chance.choice((0, 1, 3)),
            "exempt": chance.sample(IDS, chance.choice((0, 1))), "max_removed_share": 1,
            "max_flagged_share": 1,
        },
        "inactivity.markets.ES": {"notice_day": 15, "grace_days": chance.choice((0, 16, 30))},
        "inactivity.markets.BE": {"first_flag_month": chance.choice(("2020-01", "2020-03"))},
        "returns": {
            "notice_business_days": chance.choice((2, 7)), "guarantee_days": chance.choice((3, 15)),
            "ran_days": chance.choice((3, 14)),
        },
        "follow_up": {"arrival_from_days": 5, "arrival_to_days": chance.choice((5, 9)),
                      "check_in_days": chance.choice((0, 28, 40))},
        "subscriptions": {"first_month_rate": chance.choice((Decimal("0.125"), Decimal("0.2"))),
                          "rate": Decimal("0.0333"), "retained_days": chance.choice((0, 30))},
        "onboarding": {"verify_days": 7, "idle_days": chance.choice((0, 7))},
        "journal": {"commission_expense": "6100", "commission_payable": "2100",
                    "refund_expense": "4090", "refund_payable": "2110"},
    }  # fmt: skip
    gone = {name for name in sections if chance.random() < 0.15}
    if "inactivity" in gone:
        gone |= {name for name in sections if name.startswith("inactivity")}
    return {name: figures for name, figures in sections.items() if name not in gone}


class _Maker:
    """Makes a book's rows, drop after drop; every row is one that is loaded."""

    def __init__(self, chance: random.Random, book: WildBook) -> None:
        self._chance, self._book = chance, book
        self._known: list[str] = []
        self._orders: dict[str, Row] = {}
        self._left: dict[str, list[int]] = {}
        self._asked: set[str] = set()
        self._linked: set[str] = set()
        self._records: dict[str, list[str]] = {}
        self._owner: dict[str, str] = {}

    def drop(self, number: int) -> dict[str, list[Row]]:
        """A drop's rows by table."""
        chance = self._chance
        members = self._members(number)
        here = [str(each["member_id"]) for each in members]
        self._known += [each for each in here if each not in (*self._known, *DORMANT)]
        tables: dict[str, list[Row]] = {"members": members}
        parties = [
            row("parties", party_id=each, consultant_id=self._who(), held_on=self._day(number))
            for each in self._keys("parties", number, 3, "P")
        ]
        orders = [self._order(number, n) for n in range(30)]
        orders += [self._own_order(number, each) for each in IDS[:6] if each in self._known]
        tables |= {"orders": orders, "parties": parties}
        tables["order_lines"] = [line for each in orders for line in self._lines(each)]
        tables |= self._of_orders(number) | self._of_members(number)
        tables |= self._of_customers(number) | self._of_investors(number)
        return {
            table: rows if table in ("members", "orders") else chance.sample(rows, len(rows))
            for table, rows in tables.items()
        }

    def _keys(self, table: str, number: int, count: int, letter: str) -> list[str]:
        """New keys of a record table, and some that earlier drops had."""
        old = self._records.setdefault(table, [])
        again = [each for each in old if self._chance.random() < 0.3]
        new = [f"{letter}{number}{n}" for n in range(count)]
        old += new
        return again + new

    def _who(self) -> str:
        return self._chance.choice(self._known)

    def _day(self, number: int, least: int = -40, most: int = 4) -> str:
        return str(ENDS[number] + timedelta(days=self._chance.randint(least, most)))

    def _maybe(self, text: str | None, share: float = 0.5) -> str | None:
        return text if self._chance.random() < share else None

    def _time(self, day: str) -> str:
        clock = self._chance.choice(
            ("00:00", "00:00", "00:01:30", "02:30", "12:00:00.25", "18:31", "23:59:59.999999")
        )
        return f"{day}{self._chance.choice('T ')}{clock}{self._chance.choice(('', 'Z', '+05:30'))}"

    def _business_day(self, told: str) -> date:
        zone = ZoneInfo(self._book.zone)
        at = datetime.fromisoformat(told.replace("Z", "+00:00"))
        return at.astimezone(zone).date() if at.tzinfo else at.date()

    def _members(self, number: int) -> list[Row]:
        chance, rows = self._chance, []
        everybody = [each for pair in zip(IDS, DORMANT, strict=True) for each in pair]
        for at, member_id in enumerate(everybody):
            if number and chance.random() < 0.15:
                continue
            is_associate = at < 8 or chance.random() < 0.7
            near = everybody[max(0, at - 3) : at + 1]
            above = chance.choice(near) if chance.random() < 0.9 else None
            first, days = date(2019, 11, 1), 15 if member_id in DORMANT else 60 + 15 * at
            rows.append(row(
                "members", member_id=member_id, name=chance.choice((None, "=Ann", 'A "B", C')),
                member_type="associate" if is_associate else "preferred_customer",
                rank=chance.choice(RANKS[1:] if at < 10 else RANKS) if is_associate else None,
                sponsor_id=above, enroller_id=self._maybe(chance.choice(everybody), 0.8),
                business_id=chance.choice((None, None, "FIRM", "M1", "a")),
                country=chance.choice(COUNTRIES), language=self._maybe("nl"),
                email=self._maybe("ann@x.com"),
                enrolled_on=str(first + timedelta(days=chance.randrange(days))),
            ))  # fmt: skip
        return rows

    def _order(self, number: int, n: int) -> Row:
        chance = self._chance
        channel = chance.choice(("member", "sale", "retail", "retail", "retail"))
        day = self._day(number, -28) if chance.random() < 0.8 else self._day(number, -110)
        amount = chance.choice((0, 1, 3, 100, 9999))
        found = row(
            "orders", order_id=f"{chance.choice('oO')}{number}-{n}", channel=channel,
            ordered_at=self._time(day),
            buyer_id=self._who() if channel == "member" else None,
            seller_id=self._who() if channel == "sale" else None,
            customer_email=None if channel == "member" else chance.choice(EMAILS),
            contact_opt_out=chance.choice((None, "false", "true")),
            country=chance.choice(COUNTRIES), currency=chance.choice(("EUR", "SEK")),
            amount=f"{amount // 100}.{amount % 100:02}",
            bv=chance.choice(("0", "0.5", "1", "77.77")),
            party_id=self._maybe(chance.choice(self._records["parties"]), 0.2),
        )  # fmt: skip
        self._orders[str(found["order_id"])] = found
        self._left[str(found["order_id"])] = [amount, int(Decimal(str(found["bv"])) * 100)]
        return found

    def _own_order(self, number: int, member_id: str) -> Row:
        """An order of a member's own in the month's window, so that somebody qualifies."""
        found = row("orders", order_id=f"W{number}-{member_id}", channel="member", amount="1.00",
                    bv="1", buyer_id=member_id, seller_id=None, customer_email=None,
                    ordered_at=f"{WINDOWS[number][2]}T09:00Z")  # fmt: skip
        self._orders[str(found["order_id"])] = found
        self._left[str(found["order_id"])] = [100, 100]
        return found

    def _lines(self, order: Row) -> list[Row]:
        chance = self._chance
        return [
            row("order_lines", order_id=order["order_id"], line_no=str(n + 1),
                product_code=chance.choice(("X", "x", "Y")), quantity=str(chance.randint(1, 3)),
                amount=chance.choice(("0", "1.00", "0.05", "33.34")), bv=chance.choice(("0", "1")))
            for n in range(4 if str(order["order_id"]).startswith("W") else chance.randint(0, 2))
        ]  # fmt: skip

    def _of_orders(self, number: int) -> dict[str, list[Row]]:
        chance = self._chance
        names = list(self._orders)
        returns = [self._return(number, each) for each in self._keys("returns", number, 5, "R")]
        lines = {
            (str(chance.choice(self._records["returns"])), code): row(
                "return_lines", product_code=code,
                quantity_authorised=str(chance.randint(0, 3)),
                quantity_received=str(chance.randint(0, 3)))
            for code in ("X", "x", "Y", "Y", "Z") for _ in range(5)
        }  # fmt: skip
        asked = [each for each in chance.sample(names, 12) if each not in self._asked]
        self._asked.update(asked)
        linked = [
            each
            for each in chance.sample(names, 5)
            if each not in self._linked and not self._orders[each].get("party_id")
        ]
        self._linked.update(linked)
        return {
            "returns": returns,
            "return_lines": [each | {"ran_id": ran} for (ran, _), each in lines.items()],
            "reversals": [self._reversal(f"V{number}-{n}", name)
                          for n, name in enumerate(chance.choices(names, k=20))],
            "reassignments": [
                row("reassignments", order_id=each, member_id=self._who(),
                    requested_at=self._after(each))
                for each in asked
            ],
            "party_links": [
                row("party_links", order_id=each, party_id=chance.choice(self._records["parties"]),
                    linked_on=str(self._business_day(str(self._orders[each]["ordered_at"]))
                                  + timedelta(days=chance.randrange(50))))
                for each in linked
            ],
        }  # fmt: skip

    def _after(self, order_id: str) -> str:
        """A time on the order's business day or later."""
        day = self._business_day(str(self._orders[order_id]["ordered_at"]))
        day += timedelta(days=self._chance.choice((0, 0, 1, 2, 5, 40)))
        while True:
            told = self._time(str(day))
            if self._business_day(told) >= day:
                return told

    def _reversal(self, reversal_id: str, order_id: str) -> Row:
        chance, left = self._chance, self._left[order_id]
        taken = [int(each * chance.choice((0, 0.5, 1, 1))) for each in left]
        self._left[order_id] = [each - part for each, part in zip(left, taken, strict=True)]
        return row(
            "reversals", reversal_id=reversal_id, order_id=order_id,
            reversed_at=self._after(order_id),
            kind=chance.choice(("refund", "refund", "fraud", "chargeback", "cancellation")),
            amount=f"{taken[0] // 100}.{taken[0] % 100:02}",
            bv=f"{taken[1] // 100}.{taken[1] % 100:02}",
            ran_id=self._maybe(chance.choice([*self._records["returns"], "nobody"]), 0.6),
        )  # fmt: skip

    def _return(self, number: int, ran_id: str) -> Row:
        chance = self._chance
        # A few orders are given back again and again.
        order = chance.choice([each for each in self._orders if each.startswith("W")][:5])
        day = self._business_day(str(self._orders[order]["ordered_at"]))

        def later(most: int) -> str:
            return str(day + timedelta(days=chance.randint(0, most)))

        return row(
            "returns", ran_id=ran_id, order_id=order,
            reason=chance.choice(("damaged_in_transit", "sent_in_error", "faulty", "wrong_choice",
                                  "changed_mind", "changed_mind", "changed_mind")),
            requested_on=later(20), delivered_on=self._maybe(later(20), 0.8),
            issued_on=self._maybe(later(25), 0.9), received_on=self._maybe(later(30), 0.9),
            ran_displayed=chance.choice(("true", "true", "true", "false", None)),
            proof_of_purchase=chance.choice(("true", "true", "true", "false", None)),
        )  # fmt: skip

    def _of_members(self, number: int) -> dict[str, list[Row]]:
        chance = self._chance
        mondays = [WINDOWS[number][1] + timedelta(weeks=n) for n in range(4 if number else 2)]
        holds, delegates = [], {}
        for each in self._keys("holds", number, 3, "H"):
            day = self._day(number, -60, 20)
            end = str(date.fromisoformat(day) + timedelta(days=chance.randrange(20)))
            holds.append(row("holds", hold_id=each, member_id=self._who(), starts_on=day,
                             ends_on=self._maybe(end, 0.8),
                             kind=chance.choice(("standing", "referral"))))  # fmt: skip
        for _ in range(4):
            day = self._day(number, -60, 20)
            end = str(date.fromisoformat(day) + timedelta(days=chance.randrange(40)))
            found = row("delegates", member_id=self._who(), delegate_id=self._who(),
                        starts_on=day, ends_on=self._maybe(end))  # fmt: skip
            delegates[found["member_id"], day] = found
        leads = [
            row("leads", lead_id=f"D{number}-{n}", requested_at=self._time(self._day(number)),
                country=chance.choice(COUNTRIES), contact_opt_out=self._maybe("true", 0.3))
            for n in range(8)
        ]  # fmt: skip
        return {
            "holds": holds,
            "delegates": list(delegates.values()),
            "leads": leads,
            "paid_ranks": [
                row("paid_ranks", member_id=each, week_start=str(monday),
                    rank=chance.choice(("manager", "director", "director")))
                for each in self._known for monday in mondays if chance.random() < 0.97
            ],
        }  # fmt: skip

    def _of_customers(self, number: int) -> dict[str, list[Row]]:
        chance = self._chance
        subscriptions = [
            row("subscriptions", subscription_id=each, customer_email=chance.choice(EMAILS),
                consultant_id=self._maybe(self._who(), 0.4),
                started_on=self._maybe(self._day(number, -100), 0.85),
                stopped_on=self._maybe(self._day(number, -60, 30), 0.3),
                monthly_budget=chance.choice(("0", "30.5")))
            for each in self._keys("subscriptions", number, 3, "S")
        ]  # fmt: skip
        billings = [
            row("billings", billing_id=f"B{number}-{n}", billed_on=self._day(number),
                subscription_id=chance.choice(self._records["subscriptions"]),
                amount=chance.choice(("0", "0.10", "15.15", "30.00")))
            for n in range(8)
        ]  # fmt: skip
        return {"subscriptions": subscriptions, "billings": billings}

    def _of_investors(self, number: int) -> dict[str, list[Row]]:
        chance = self._chance
        accounts = [
            row("accounts", account_id=each, email="lee@z.com", partner_id=self._who(),
                registered_on=self._day(number), verified_on=self._maybe(self._day(number, -9, 9)))
            for each in self._keys("accounts", number, 3, "A")
        ]  # fmt: skip
        plans, payments = [], []
        for each in self._keys("plans", number, 3, "L"):
            # A plan keeps its account, so that its purchases stay its own.
            account = chance.choice(self._records["accounts"])
            account = self._owner.setdefault(each, account)
            plans.append(row(
                "plans", plan_id=each, account_id=account,
                price=chance.choice(("0.02", "10.00", "100.00")),
                instalments=chance.choice(("1", "3", "7")),
                first_due_on=chance.choice(("2020-01-31", "2020-02-29", "2019-11-30",
                                            self._day(number, -90, 60)))))  # fmt: skip
        for n in range(12):
            plan = self._maybe(chance.choice(self._records["plans"]), 0.6)
            payments.append(row(
                "payments", payment_id=f"Y{number}-{n}", paid_on=self._day(number), plan_id=plan,
                account_id=self._owner[plan] if plan else chance.choice(self._records["accounts"]),
                kind="purchase" if plan else "top_up",
                amount=chance.choice(("0.01", "3.33", "10.00", "34.00"))))  # fmt: skip
        return {"accounts": accounts, "plans": plans, "payments": payments}
