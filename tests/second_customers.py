"""Contract 2 read a second time: customers, subscriptions, parties.

Belongs here: loops over plain rows. Nothing is shared with the program.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from second_known import (
    DAY,
    Fact,
    Known,
    day_of,
    guard,
    half_up,
    later,
    money,
    text,
)
from small_book import Row
from wild_books import MONTHS


class Customers(Known):
    """Customers, parties and subscriptions (section 8)."""

    def _sales_by(self, day: date) -> list[Fact]:
        """Sale orders dated up to a day and not cancelled then, in their order."""
        found = [e for e in self.orders.values() if e["channel"] == "sale" and e.day <= day
                 and not self.cancelled(e, day)]  # fmt: skip
        return sorted(found, key=lambda e: (e.at, e["order_id"]))

    def _consultant(self, told: Row, day: date) -> tuple[str, str, str]:
        """A subscription's status, consultant and tied date as of a day."""
        started, stopped = day_of(told["started_on"]), day_of(told["stopped_on"])
        if started is None or started > day:
            return "not_started", "", ""
        status = "stopped" if stopped is not None and stopped <= day else "active"
        if told["consultant_id"]:
            return status, str(told["consultant_id"]), text(started)
        for sale in self._sales_by(day):
            if (
                sale["customer_email"].strip().lower()
                == str(told["customer_email"]).strip().lower()
                and sale.day >= started and (stopped is None or sale.day < stopped)
            ):  # fmt: skip
                return status, sale["seller_id"], text(sale.day)
        return status, "", ""

    def _owners(self, day: date) -> dict[str, tuple[str, str, str]]:
        found: dict[str, tuple[str, str, str]] = {}
        for sale in self._sales_by(day):
            email = sale["customer_email"].strip().lower()
            found[email] = (sale["seller_id"], "purchase", text(sale.day))
        tied: dict[str, tuple[str, str, str]] = {}
        for (name,), told in self.records("subscriptions").items():
            status, who, since = self._consultant(told, day)
            email = str(told["customer_email"]).strip().lower()
            if status == "active" and who:
                tied[email] = min(tied.get(email, ("9999", "", "")), (since, name, who))
        for email, (since, _, who) in tied.items():
            found[email] = (who, "subscription", since)
        return found

    def _customers(self) -> None:
        rates = self.policy["subscriptions"]
        subscriptions = {k[0]: e for k, e in self.records("subscriptions").items()}
        rows = []
        for bill in sorted(self.posted("billings"), key=lambda e: e["billing_id"]):
            told = subscriptions[bill["subscription_id"]]
            started = day_of(told["started_on"])
            is_first = started is not None and bill.day < later(started, 1)
            rate = Decimal(str(rates["first_month_rate" if is_first else "rate"]))
            _, who, _ = self._consultant(told, bill.day)
            much = half_up(Fraction(bill.number("amount")) * Fraction(rate)) if who else Decimal(0)
            shown = max(f"{rate:.2f}", f"{rate.normalize():f}", key=len)
            rows.append([bill["billing_id"], bill["subscription_id"], who, text(bill.day),
                         money(bill.number("amount")), shown, money(much)])  # fmt: skip
        self.out["finance/subscription_commissions"] = rows
        owners = self._owners(self.end)
        if self.state.owners is None:
            self.state.owners = {n: e[0] for n, e in self._owners(self.start - DAY).items()}
        rows, values = [], dict[str, list[Any]]()
        sales = self._sales_by(self.end)
        for email in sorted(owners):
            who, basis, since = owners[email]
            own = [e for e in sales if e["customer_email"].strip().lower() == email]
            bv = sum((self.net(each, "bv", self.end) for each in own), Decimal(0))
            before = self.state.owners.get(email, who)
            last = max((each.day for each in own), default=None)
            rows.append([guard(email), who, basis, since, before if before != who else "",
                         text(len(own)), money(bv), text(last)])  # fmt: skip
            oldest = self.end - int(str(rates["retained_days"])) * DAY
            value = values.setdefault(who, [0, 0, 0, 0, Decimal(0)])
            parts = (1, len(own) >= 2, last is not None and last >= oldest, len(own), bv)
            values[who] = [a + b for a, b in zip(value, parts, strict=True)]
        self.state.owners = {email: each[0] for email, each in owners.items()}
        self.out["customers/owners"] = rows
        self.out["customers/value"] = [
            [who, *map(text, value[:4]), money(value[4])] for who, value in sorted(values.items())
        ]
        rows = []
        for name in sorted(subscriptions):
            told = subscriptions[name]
            status, who, since = self._consultant(told, self.end)
            rows.append([name, str(told["customer_email"]).strip().lower(), who, since, status,
                         money(Decimal(str(told["monthly_budget"])))])  # fmt: skip
        self.out["customers/subscriptions"] = rows
        self._parties()

    def _parties(self) -> None:
        links = {each["order_id"]: each for each in self.events["party_links"]}
        first: dict[str, str] = {}
        for number, tables in enumerate(self._tables):
            for each in tables["parties"]:
                first.setdefault(str(each["party_id"]), MONTHS[number])
        rows = []
        for (name,), told in sorted(self.records("parties").items()):
            own, is_news = [], False
            held = str(told["held_on"])[:7]
            if held >= MONTHS[0] and max(held, first[name]) == self.name:
                is_news = True
            for order in self.orders.values():
                link = links.get(order["order_id"])
                if order.day > self.end:
                    continue
                if order["party_id"]:
                    is_its, by_link = order["party_id"] == name, False
                else:
                    by_link = link is not None and link.day <= self.end
                    is_its = by_link and link is not None and link["party_id"] == name
                if is_its:
                    own.append(order)
                    is_news |= order.posting == self.name
                    is_news |= by_link and link is not None and link.posting == self.name
            if is_news:
                people = {
                    each["buyer_id"] if each["channel"] == "member"
                    else each["customer_email"].strip().lower() for each in own
                }  # fmt: skip
                bv = sum((self.net(each, "bv", self.end) for each in own), Decimal(0))
                rows.append([name, text(told["consultant_id"]), text(told["held_on"]),
                             text(len(own)), text(len(people)), money(bv)])  # fmt: skip
        self.out["customers/parties"] = rows
