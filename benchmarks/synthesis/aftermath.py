"""What becomes of an order later: reversals, returns, reassignments, party links.

Belongs here: drawing them when the order is drawn, and handing each out in its own month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import polars as pl

from benchmarks.synthesis.people import People
from benchmarks.synthesis.plan import Plan
from benchmarks.synthesis.text import DAY_SECONDS, date_column, id_text, money_text, take, time_text
from benchmarks.synthesis.trade import PRODUCTS, RETAIL, SALE, Orders, line_goods, line_share

REVERSAL_KINDS = ("refund", "fraud", "chargeback", "cancellation")
REVERSAL_SHARES = (0.45, 0.05, 0.15, 0.35)
REASONS = ("damaged_in_transit", "sent_in_error", "faulty", "wrong_choice", "changed_mind")
Columns = dict[str, np.ndarray]


class Aftermath:
    """Keeps what has been drawn until the month in which it is exported."""

    def __init__(self, plan: Plan, people: People) -> None:
        self.plan = plan
        self.people = people
        self.waiting: dict[tuple[str, int], list[Columns]] = defaultdict(list)
        self.reversal_count = 0
        self.return_count = 0
        starts = [plan.first_day_number(index) for index in range(plan.months + 3)]
        self.month_starts = np.array(starts)

    def draw(self, month: int, orders: Orders, parties: np.ndarray) -> None:
        """Draw everything that will become of a month's orders."""
        rng = self.plan.generator(5, month)
        fate = rng.random(len(orders.number))
        reversed_at = np.flatnonzero((fate < 0.036) & (orders.amount > 0))
        self._draw_reversals(rng, month, orders, reversed_at)
        self._draw_returns(rng, month, orders, np.flatnonzero(fate > 0.99))
        self._draw_reassignments(rng, month, orders)
        linked = np.flatnonzero((orders.channel == SALE) & (orders.party < 0) & (fate < 0.5))
        linked = linked[: len(linked) // 50] if len(parties) else linked[:0]
        self._wait("links", month, orders.day[linked] + rng.integers(0, 20, len(linked)), {
            "order": orders.number[linked], "party": rng.choice(parties, len(linked)),
        } if len(linked) else {})  # fmt: skip

    def _wait(self, table: str, month: int, day: np.ndarray, columns: Columns) -> None:
        due = np.maximum(np.searchsorted(self.month_starts, day, side="right") - 1, month)
        for index in np.unique(due) if columns else ():
            rows = {name: values[due == index] for name, values in columns.items()}
            self.waiting[table, int(index)].append(rows | {"day": day[due == index]})

    def _draw_reversals(
        self, rng: np.random.Generator, month: int, orders: Orders, at: np.ndarray
    ) -> None:
        lag = (3_700 + rng.exponential(18 * DAY_SECONDS, len(at))).astype(np.int64)
        instant = orders.instant[at] + lag
        is_whole = rng.random(len(at)) < 0.7
        self._wait("reversals", month, instant // DAY_SECONDS, {
            "order": orders.number[at],
            "instant": instant,
            "kind": rng.choice(len(REVERSAL_KINDS), len(at), p=REVERSAL_SHARES),
            "amount": np.where(is_whole, orders.amount[at], orders.amount[at] // 3),
            "bv": np.where(is_whole, orders.bv[at], orders.bv[at] // 3),
            "ran": np.full(len(at), -1),
        })  # fmt: skip

    def _draw_returns(
        self, rng: np.random.Generator, month: int, orders: Orders, at: np.ndarray
    ) -> None:
        ran = self.return_count + np.arange(len(at))
        self.return_count += len(at)
        delivered = orders.day[at] + rng.integers(1, 7, len(at))
        requested = delivered + rng.integers(0, 19, len(at))
        reason = rng.integers(0, len(REASONS), len(at))
        is_issued = rng.random(len(at)) < 0.9
        issued = np.where(is_issued, requested + rng.integers(1, 4, len(at)), -1)
        is_received = is_issued & (rng.random(len(at)) < 0.8)
        received = np.where(is_received, issued + rng.integers(2, 17, len(at)), -1)
        first = np.ones(len(at), np.int64)
        product, quantity = line_goods(orders, at, first)
        rows = {
            "ran": ran, "order": orders.number[at], "reason": reason, "delivered": delivered,
            "requested": requested, "issued": issued, "received": received, "product": product,
            "quantity": quantity, "shown": rng.integers(0, 20, len(at)),
        }  # fmt: skip
        self._wait("returns", month, requested, rows)
        later = is_received
        self._wait("returns", month, received[later], {k: v[later] for k, v in rows.items()})
        refunded = is_received & (reason >= 3) & (orders.amount[at] > 0)
        day, back = received[refunded] + 3, at[refunded]
        line = first[refunded]
        self._wait("reversals", month, day, {
            "order": orders.number[back],
            "instant": day * DAY_SECONDS + DAY_SECONDS // 2,
            "kind": np.zeros(len(back), np.int64),
            "amount": line_share(orders.amount, orders.line_count, back, line),
            "bv": line_share(orders.bv, orders.line_count, back, line),
            "ran": ran[refunded],
        })  # fmt: skip

    def _draw_reassignments(self, rng: np.random.Generator, month: int, orders: Orders) -> None:
        retail = np.flatnonzero(orders.channel == RETAIL)
        at = retail[rng.random(len(retail)) < 0.01]
        instant = orders.instant[at] + rng.integers(3_700, 6 * DAY_SECONDS, len(at))
        to = rng.choice(self.people.leaders, len(at))
        self._wait("reassignments", month, instant // DAY_SECONDS,
                   {"order": orders.number[at], "instant": instant, "member": to})  # fmt: skip

    def _due(self, table: str, month: int, names: Sequence[str]) -> Columns:
        parts = self.waiting.pop((table, month), [])
        empty: Columns = {name: np.zeros(0, np.int64) for name in names}
        joined = {name: np.concatenate([part[name] for part in parts]) for name in names if parts}
        return empty | joined

    def tables(self, month: int) -> dict[str, pl.DataFrame]:
        """The rows that a month's drop exports."""
        return {
            "reversals": self._reversals(month),
            "reassignments": self._reassignments(month),
            "party_links": self._party_links(month),
            **self._returns(month),
        }

    def _reversals(self, month: int) -> pl.DataFrame:
        due = self._due("reversals", month, ("order", "instant", "kind", "amount", "bv", "ran"))
        count = len(due["order"])
        number = self.reversal_count + np.arange(count)
        self.reversal_count += count
        ran = pl.Series(due["ran"])
        return pl.DataFrame({
            "reversal_id": id_text("R", number),
            "order_id": id_text("O", due["order"]),
            "reversed_at": time_text(self.plan, self.plan.generator(6, month), due["instant"]),
            "kind": take(REVERSAL_KINDS, due["kind"]),
            "amount": money_text(due["amount"]),
            "bv": money_text(due["bv"]),
            "ran_id": id_text("RAN", np.maximum(due["ran"], 0)).set(ran < 0, None),
        })  # fmt: skip

    def _reassignments(self, month: int) -> pl.DataFrame:
        due = self._due("reassignments", month, ("order", "instant", "member"))
        return pl.DataFrame({
            "order_id": id_text("O", due["order"]),
            "member_id": self.people.ids.gather(due["member"]),
            "requested_at": time_text(self.plan, self.plan.generator(7, month), due["instant"]),
        })  # fmt: skip

    def _party_links(self, month: int) -> pl.DataFrame:
        due = self._due("links", month, ("order", "party", "day"))
        return pl.DataFrame({
            "order_id": id_text("O", due["order"]),
            "party_id": id_text("PA", due["party"]),
            "linked_on": date_column(due["day"]),
        })  # fmt: skip

    def _returns(self, month: int) -> dict[str, pl.DataFrame]:
        names = ("ran", "order", "reason", "delivered", "requested", "issued", "received",
                 "product", "quantity", "shown")  # fmt: skip
        due = self._due("returns", month, names)
        _, last = np.unique(due["ran"][::-1], return_index=True)
        due = {name: values[len(due["ran"]) - 1 - last] for name, values in due.items()}
        end = self.month_starts[month + 1]
        seen = {name: np.where(due[name] < end, due[name], -1) for name in ("issued", "received")}
        quantity = due["quantity"]
        returns = pl.DataFrame({
            "ran_id": id_text("RAN", due["ran"]),
            "order_id": id_text("O", due["order"]),
            "reason": take(REASONS, due["reason"]),
            "requested_on": date_column(due["requested"]),
            "delivered_on": date_column(due["delivered"]),
            "issued_on": date_column(seen["issued"]),
            "received_on": date_column(seen["received"]),
            "ran_displayed": take(("false", "true"), (due["shown"] > 0).astype(np.int64)),
            "proof_of_purchase": take(("false", "true"), (due["shown"] != 7).astype(np.int64)),
        })  # fmt: skip
        lines = pl.DataFrame({
            "ran_id": id_text("RAN", due["ran"]),
            "product_code": take(PRODUCTS, due["product"]),
            "quantity_authorised": quantity,
            "quantity_received": np.where(seen["received"] >= 0, quantity, 0),
        })  # fmt: skip
        return {"returns": returns, "return_lines": lines}
