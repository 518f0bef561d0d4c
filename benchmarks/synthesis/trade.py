"""The orders of a month and their lines.

Belongs here: who orders what, when. Does not: what becomes of an order (see aftermath).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.synthesis.people import People
from benchmarks.synthesis.plan import COUNTRIES, COUNTRY_SHARES, RANKS, Plan
from benchmarks.synthesis.text import (
    DAY_SECONDS,
    email_text,
    id_text,
    money_text,
    name_text,
    take,
    time_text,
)

MEMBER, SALE, RETAIL = 0, 1, 2
CHANNELS = ("member", "sale", "retail")
CHANNEL_SHARES = (0.5, 0.2, 0.3)
PRODUCTS = tuple(f"P{number:03}" for number in range(1, 201))


@dataclass(frozen=True)
class Orders:
    """The orders of one month's drop, in the order of their instants."""

    number: np.ndarray
    instant: np.ndarray
    day: np.ndarray
    channel: np.ndarray
    member: np.ndarray
    customer: np.ndarray
    country: np.ndarray
    amount: np.ndarray
    bv: np.ndarray
    party: np.ndarray
    line_count: np.ndarray

    @property
    def ids(self) -> pl.Series:
        """The orders' ids."""
        return id_text("O", self.number)


def draw_orders(plan: Plan, people: People, month: int, parties: np.ndarray) -> Orders:
    """Draw the orders of a month; a few are late and dated some days before."""
    rng = plan.generator(2, month)
    buyers, is_leader = _buyers(plan, people, rng, month)
    sales, retail = (round(plan.monthly_orders * share) for share in CHANNEL_SHARES[1:])
    active = np.flatnonzero(people.is_active(month) & people.is_seller)
    sellers = active[(len(active) * rng.random(sales) ** 2).astype(np.int64)]
    member = np.concatenate([buyers, sellers, np.full(retail, -1)])
    channel = np.repeat([MEMBER, SALE, RETAIL], [len(buyers), sales, retail])
    is_leader = np.concatenate([is_leader, np.zeros(sales + retail, bool)])
    count = len(member)
    day, instant = _instants(plan, rng, month, is_leader)
    amount = np.round(1_000 + 29_000 * rng.random(count) ** 2).astype(np.int64)
    bv = (amount * 7 + 5) // 10
    qualifying = is_leader & (rng.random(count) < 0.93)
    bv = np.where(qualifying, rng.integers(10_000, 20_000, count), bv)
    amount = np.where(qualifying, (bv * 10 + 6) // 7, amount)
    is_free = rng.random(count) < 0.003
    amount[is_free & ~is_leader] = 0
    bv[is_free & ~is_leader] = 0
    pool = max(100, plan.members)
    customer = (pool * rng.random(count) ** 2).astype(np.int64)
    customer[channel == MEMBER] = -1
    party = np.full(count, -1)
    if len(parties):
        at_party = (channel == SALE) & (rng.random(count) < 0.02)
        party[at_party] = rng.choice(parties, int(at_party.sum()))
    country = np.where(
        (channel == RETAIL) | (member < 0),
        rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES),
        people.country[member],
    )
    line_count = 1 + (rng.random(count) < 0.7) + (rng.random(count) < 0.3)
    order = np.lexsort((channel, member, instant))
    number = month * (plan.monthly_orders * 2) + np.arange(count)
    parts = (instant, day, channel, member, customer, country, amount, bv, party, line_count)
    return Orders(number, *(part[order] for part in parts))


def _buyers(
    plan: Plan, people: People, rng: np.random.Generator, month: int
) -> tuple[np.ndarray, np.ndarray]:
    """Leaders monthly, everybody once a year, who falls silent a last time, the rest at random."""
    is_active = people.is_active(month)
    active = np.flatnonzero(is_active)
    leaders = people.leaders
    yearly = active[(active + month) % 12 == 0]
    last = np.flatnonzero((people.lapse_month == month) & (people.enrolled_month < month))
    sure = np.concatenate([leaders, yearly, last])
    rest = max(0, round(plan.monthly_orders * CHANNEL_SHARES[0]) - len(sure))
    buyers = np.concatenate([sure, rng.choice(active, rest)])
    return buyers, np.arange(len(buyers)) < len(leaders)


def _instants(
    plan: Plan, rng: np.random.Generator, month: int, is_leader: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    first, following = plan.first_day_number(month), plan.first_day_number(month + 1)
    count = len(is_leader)
    day = rng.integers(first, following, count)
    day[is_leader] = first + rng.integers(4, 20, int(is_leader.sum()))
    is_late = (rng.random(count) < 0.003) & ~is_leader
    day[is_late] = first - rng.integers(1, 6, int(is_late.sum()))
    second = rng.integers(0, DAY_SECONDS, count)
    second = np.where(plan.is_change_day[day], np.maximum(second, 4 * 3600), second)
    return day, day * DAY_SECONDS + second - plan.offsets[day]


def orders_table(plan: Plan, people: People, month: int, orders: Orders) -> pl.DataFrame:
    """The orders as exported."""
    rng = plan.generator(3, month)
    is_member = orders.channel == MEMBER
    opted_out = np.where(is_member, -1, (rng.random(len(orders.number)) < 0.03).astype(np.int64))
    customer = pl.Series(orders.customer)
    email = email_text("c", orders.customer).set(customer < 0, None)
    name = name_text(np.maximum(orders.customer, 0)).set(customer < 0, None)
    phone = id_text("0", np.maximum(orders.customer, 0), 9).set(customer < 0, None)
    return pl.DataFrame({
        "order_id": orders.ids,
        "ordered_at": time_text(plan, rng, orders.instant),
        "channel": take(CHANNELS, orders.channel),
        "buyer_id": take(people.ids, np.where(is_member, orders.member, -1)),
        "seller_id": take(people.ids, np.where(orders.channel == SALE, orders.member, -1)),
        "customer_email": email,
        "customer_name": name,
        "customer_phone": phone,
        "contact_opt_out": take(("false", "true"), opted_out),
        "country": take(COUNTRIES, orders.country),
        "amount": money_text(orders.amount),
        "currency": take(("EUR", "GBP"), (orders.country == 0).astype(np.int64)),
        "bv": money_text(orders.bv),
        "party_id": id_text("PA", np.maximum(orders.party, 0)).set(
            pl.Series(orders.party) < 0, None
        ),
    })  # fmt: skip


def lines_table(plan: Plan, orders: Orders) -> pl.DataFrame:
    """One to three lines an order; their amounts and BV add up to the order's."""
    counts = orders.line_count
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    line = np.arange(len(owner)) - starts[owner] + 1
    product, quantity = line_goods(orders, owner, line)
    return pl.DataFrame({
        "order_id": orders.ids.gather(owner),
        "line_no": line,
        "product_code": take(PRODUCTS, product),
        "quantity": quantity,
        "amount": money_text(line_share(orders.amount, counts, owner, line)),
        "bv": money_text(line_share(orders.bv, counts, owner, line)),
    })  # fmt: skip


def line_goods(
    orders: Orders, owner: np.ndarray, line: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Product and quantity of a line: a plain function of the order's number."""
    mixed = orders.number[owner] * 2_654_435_761 + line * 40_503
    return mixed // 64 % len(PRODUCTS), 1 + mixed // 8192 % 3


def line_share(
    total: np.ndarray, counts: np.ndarray, owner: np.ndarray, line: np.ndarray
) -> np.ndarray:
    """A line's share of its order's total in cents; the last line takes the rest."""
    each = total[owner] // counts[owner]
    rest = total[owner] - each * (counts[owner] - 1)
    return np.asarray(np.where(line == counts[owner], rest, each))


def paid_ranks_table(plan: Plan, people: People, month: int) -> pl.DataFrame:
    """The ranks that leaders were paid at in the weeks that start in a month."""
    rng = plan.generator(4, month)
    first, following = plan.first_day_number(month), plan.first_day_number(month + 1)
    mondays = np.arange(first, following)
    mondays = mondays[(mondays + 3) % 7 == 0]
    member = np.tile(people.leaders, len(mondays))
    week = np.repeat(mondays, len(people.leaders))
    fell_short = rng.random(len(member)) < 0.01
    rank = np.where(fell_short, 2, people.rank[member])
    weeks = pl.Series(week.astype(np.int32)).cast(pl.Date)
    return pl.DataFrame(
        {"member_id": people.ids.gather(member), "week_start": weeks, "rank": take(RANKS, rank)}
    )
