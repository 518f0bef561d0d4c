"""The smaller tables of a generated book, month by month.

Belongs here: leads, holds, delegates, parties, subscriptions, accounts and what hangs on them.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks.synthesis.people import NEVER, People
from benchmarks.synthesis.plan import COUNTRIES, COUNTRY_SHARES, Plan
from benchmarks.synthesis.text import (
    DAY_SECONDS,
    date_column,
    email_text,
    id_text,
    money_text,
    name_text,
    take,
    time_text,
)

INSTALMENTS = np.array([1, 3, 6, 12])
PRICE_CENTS = 120_000


class Programmes:
    """Draws a month's rows and remembers open subscriptions and plans."""

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan = plan
        self.people = people
        none = np.zeros(0, np.int64)
        self.subscriptions = dict.fromkeys(("number", "start", "stop", "budget"), none)
        self.plans = dict.fromkeys(("number", "account", "first", "instalments"), none)
        self.account_count = 0
        self.payment_count = 0

    def parties(self, month: int) -> np.ndarray:
        """The numbers of the parties held in a month."""
        count = max(1, self.plan.monthly_orders // 500)
        return month * count + np.arange(count)

    def tables(self, month: int) -> dict[str, pl.DataFrame]:
        """The rows that a month's drop exports."""
        rng = self.plan.generator(8, month)
        first = self.plan.first_day_number(month)
        length = self.plan.first_day_number(month + 1) - first
        return {
            "leads": self._leads(rng, month, first, length),
            "holds": self._holds(rng, month, first, length),
            "delegates": self._delegates(rng, first),
            "parties": self._parties(rng, month, first, length),
            **self._subscriptions(rng, month, first, length),
            **self._accounts(rng, month, first, length),
        }

    def _leads(self, rng: np.random.Generator, month: int, first: int, length: int) -> pl.DataFrame:
        count = max(1, self.plan.monthly_orders // 50)
        number = month * count + np.arange(count)
        instant = first * DAY_SECONDS + np.sort(rng.integers(8_000, length * 86_000, count))
        return pl.DataFrame({
            "lead_id": id_text("L", number),
            "requested_at": time_text(self.plan, rng, instant),
            "country": take(COUNTRIES, rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES)),
            "name": name_text(number),
            "email": email_text("l", number),
            "phone": id_text("0", number),
            "contact_opt_out": take(("false", "true"), (number % 40 == 3).astype(np.int64)),
        })  # fmt: skip

    def _holds(self, rng: np.random.Generator, month: int, first: int, length: int) -> pl.DataFrame:
        count = max(1, len(self.people.leaders) // 200)
        starts = first + rng.integers(0, length, count)
        ends = starts + rng.integers(5, 60, count)
        ends[rng.random(count) < 0.05] = -1
        return pl.DataFrame({
            "hold_id": id_text("H", month * count + np.arange(count)),
            "member_id": self.people.ids.gather(rng.choice(self.people.leaders, count)),
            "kind": take(("standing", "referral"), rng.integers(0, 2, count)),
            "starts_on": date_column(starts),
            "ends_on": date_column(ends),
        })  # fmt: skip

    def _delegates(self, rng: np.random.Generator, first: int) -> pl.DataFrame:
        leaders = self.people.leaders
        at = np.sort(rng.choice(len(leaders), max(1, len(leaders) // 50), replace=False))
        ends = first + rng.integers(20, 90, len(at))
        ends[rng.random(len(at)) < 0.2] = -1
        return pl.DataFrame({
            "member_id": self.people.ids.gather(leaders[at]),
            "delegate_id": self.people.ids.gather(leaders[(at + 1) % len(leaders)]),
            "starts_on": date_column(np.full(len(at), first)),
            "ends_on": date_column(ends),
        })  # fmt: skip

    def _staying(self, rng: np.random.Generator, month: int, count: int) -> pl.Series:
        """Ids of sellers who stay: a later book must still know them."""
        return self.people.ids.gather(rng.choice(self._staying_before(month), count))

    def _staying_before(self, month: int) -> np.ndarray:
        people = self.people
        stays = people.is_seller & (people.lapse_month == NEVER)
        return np.flatnonzero(stays & (people.enrolled_month < month))

    def _parties(
        self, rng: np.random.Generator, month: int, first: int, length: int
    ) -> pl.DataFrame:
        number = self.parties(month)
        return pl.DataFrame({
            "party_id": id_text("PA", number),
            "consultant_id": self._staying(rng, month, len(number)),
            "held_on": date_column(first + rng.integers(0, length, len(number))),
        })  # fmt: skip

    def _subscriptions(
        self, rng: np.random.Generator, month: int, first: int, length: int
    ) -> dict[str, pl.DataFrame]:
        count = max(1, self.plan.members // 720)
        known = self.subscriptions
        fresh = {
            "number": month * count + np.arange(count),
            "start": first + rng.integers(0, length, count),
            "stop": first + length + rng.exponential(600, count).astype(np.int64),
            "budget": 500 * rng.integers(4, 20, count),
        }
        self.subscriptions = {n: np.concatenate([known[n], fresh[n]]) for n in known}
        every = self.subscriptions
        stops = (every["stop"] >= first) & (every["stop"] < first + length)
        at = np.flatnonzero(stops | (every["start"] >= first))
        consultants = self._staying_before(0)
        number = every["number"]
        tied = np.where(number % 5 < 3, consultants[number * 31 % len(consultants)], -1)
        table = pl.DataFrame({
            "subscription_id": id_text("Q", number[at]),
            "customer_email": email_text("c", number[at] * 17 % max(100, self.plan.members)),
            "consultant_id": take(self.people.ids, tied[at]),
            "started_on": date_column(every["start"][at]),
            "stopped_on": date_column(np.where(stops, every["stop"], -1)[at]),
            "monthly_budget": money_text(every["budget"][at]),
        })  # fmt: skip
        billed = np.flatnonzero(every["stop"] >= first + length)
        day = np.maximum(first + every["start"][billed] % 28, every["start"][billed])
        billings = pl.DataFrame({
            "billing_id": id_text("Z", month * 1_000_000 + number[billed], 12),
            "subscription_id": id_text("Q", number[billed]),
            "billed_on": date_column(day),
            "amount": money_text(every["budget"][billed]),
        })  # fmt: skip
        self.subscriptions = {n: values[every["stop"] >= first] for n, values in every.items()}
        return {"subscriptions": table, "billings": billings}

    def _accounts(
        self, rng: np.random.Generator, month: int, first: int, length: int
    ) -> dict[str, pl.DataFrame]:
        count = max(1, self.plan.members // 1_200)
        number = self.account_count + np.arange(count)
        self.account_count += count
        registered = first + rng.integers(0, length, count)
        verified = np.minimum(registered + rng.integers(0, 12, count), first + length - 1)
        verified[rng.random(count) < 0.3] = -1
        accounts = pl.DataFrame({
            "account_id": id_text("A", number),
            "email": email_text("a", number),
            "partner_id": self._staying(rng, month, count),
            "registered_on": date_column(registered),
            "verified_on": date_column(verified),
        })  # fmt: skip
        owner = number[rng.random(count) < 0.6]
        fresh = {
            "number": owner,
            "account": owner,
            "first": np.full(len(owner), month + 1),
            "instalments": rng.choice(INSTALMENTS, len(owner)),
        }
        plans = pl.DataFrame({
            "plan_id": id_text("K", owner),
            "account_id": id_text("A", owner),
            "package": take(("Start", "Plus, yearly"), owner % 2),
            "price": money_text(np.full(len(owner), PRICE_CENTS)),
            "instalments": fresh["instalments"],
            "first_due_on": date_column(np.full(len(owner), first + length + 9)),
        })  # fmt: skip
        payments = self._payments(rng, month, first)
        self.plans = {n: np.concatenate([self.plans[n], fresh[n]]) for n in self.plans}
        return {"accounts": accounts, "plans": plans, "payments": payments}

    def _payments(self, rng: np.random.Generator, month: int, first: int) -> pl.DataFrame:
        due = self.plans
        is_open = due["first"] + due["instalments"] > month
        self.plans = {name: values[is_open] for name, values in due.items()}
        due = self.plans
        at = np.flatnonzero(rng.random(len(due["number"])) < 0.92)
        pair = np.repeat(at, 2)
        is_purchase = np.tile([0, 1], len(at))
        number = self.payment_count + np.arange(len(pair))
        self.payment_count += len(pair)
        plan_id = id_text("K", due["number"][pair]).set(pl.Series(is_purchase) == 0, None)
        return pl.DataFrame({
            "payment_id": id_text("Y", number),
            "account_id": id_text("A", due["account"][pair]),
            "paid_on": date_column(first + 5 + is_purchase),
            "kind": take(("top_up", "purchase"), is_purchase),
            "plan_id": plan_id,
            "amount": money_text(PRICE_CENTS // due["instalments"][pair]),
        })  # fmt: skip
