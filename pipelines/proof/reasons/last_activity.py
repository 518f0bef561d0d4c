"""Which document made a member's last activity (contract 2.6).

Belongs here: the documents that count as activity, looked for on one day. An order counts unless
it is cancelled as of the month's end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons.words import Values, listed
from pipelines.proof.story import Decision

OWN_ORDERS = """
    select
        order_id, channel, buyer_id, ordered_on, amount, drop_month,
        case channel when 'member' then buyer_id when 'sale' then seller_id end as member_id
    from drops.orders
    where list_contains($members, buyer_id) and channel = 'member'
        or list_contains($members, seller_id) and channel = 'sale'
"""
HELD_ORDERS = """
    select
        placed.order_id, placed.channel, placed.buyer_id, placed.ordered_on, placed.amount,
        placed.drop_month, side.member_id, side.from_month, side.to_month
    from (
        select
            assigned.order_id, assigned.member_id, assigned.close_month as from_month,
            moved.close_month as to_month
        from referral.assignments as assigned
        left join referral.reassignments as moved
            on moved.order_id = assigned.order_id and moved.decision = 'accepted'
        where list_contains($members, assigned.member_id)
        union all
        select order_id, to_member_id, close_month, null
        from referral.reassignments
        where decision = 'accepted' and list_contains($members, to_member_id)
    ) as side
    join drops.orders as placed on placed.order_id = side.order_id
"""
# Who is whose preferred customer is known of the newest snapshot only.
CUSTOMERS_ORDERS = """
    select
        placed.order_id, 'customer' as channel, placed.buyer_id, placed.ordered_on, placed.amount,
        placed.drop_month, customer.sponsor_id as member_id, $newest as from_month
    from drops.members as customer
    join drops.orders as placed
        on placed.buyer_id = customer.member_id and placed.channel = 'member'
    join drops.members as sponsor
        on sponsor.member_id = customer.sponsor_id and sponsor.member_type = 'associate'
    where list_contains($members, customer.sponsor_id)
        and customer.member_type = 'preferred_customer'
"""
REVERSALS = """
    select order_id, amount, reversed_on, drop_month from drops.reversals
    where list_contains($ids, order_id)
"""
WORDS = {
    "member": "its own order", "sale": "its sale", "retail": "the retail order it holds,",
    "customer": "its preferred customer's order",
}  # fmt: skip


@dataclass(frozen=True)
class Activities:
    """The orders that may be some members' activity, and when the members enrolled."""

    orders: list[Values]
    reversals: dict[str, list[Values]]
    enrolled_on: dict[str, str]

    def cancelled_since(self, decision: Decision) -> list[str]:
        """Later orders that do not count, because they are cancelled as of the month's end."""
        row, month = decision.row, decision.month
        last, end = row["last_activity_on"], str(Month(month).end)
        return [
            f"{order['order_id']} of {order['ordered_on']} does not count: it is cancelled"
            for order in sorted(self.orders, key=lambda order: str(order["order_id"]))
            if order["member_id"] == row["member_id"]
            and last < str(order["ordered_on"]) <= end
            and self._is_held(order, month)
            and not self._counts(order, month)
        ]

    def told(self, decision: Decision) -> str:
        """What happened on the row's last day of activity, in words."""
        row, month = decision.row, decision.month
        found = sorted(
            {
                f"{WORDS[order['channel']]} {order['order_id']}"
                for order in self.orders
                if order["member_id"] == row["member_id"]
                and str(order["ordered_on"]) == row["last_activity_on"]
                and self._counts(order, month)
            }
        )
        if found:
            return listed(found)
        if self.enrolled_on.get(row["member_id"]) == row["last_activity_on"]:
            return "its enrolment"
        if row["member_type"] == "associate":
            return "its enrolment, or an order of a preferred customer below it"
        return "its enrolment"

    def _is_held(self, order: Values, month: str) -> bool:
        """Whether the order was known and the member's at the month's end."""
        since, until = order.get("from_month") or "", order.get("to_month") or "9999"
        return bool(order["drop_month"] <= month and since <= month < until)

    def _counts(self, order: Values, month: str) -> bool:
        """Whether the order is the member's and not cancelled as of the month's end."""
        if not self._is_held(order, month):
            return False
        end = Month(month).end
        taken = sum(
            (
                reversal["amount"]
                for reversal in self.reversals[order["order_id"]]
                if reversal["drop_month"] <= month and reversal["reversed_on"] <= end
            ),
            Decimal(0),
        )
        return bool(order["amount"] > taken)


def find_activities(looked: Looked, rows: Sequence[Decision]) -> Activities:
    """The documents that may be the last activity of the rows' members."""
    members = sorted({decision.row["member_id"] for decision in rows})
    first = min(decision.row["last_activity_on"] for decision in rows)
    found = [
        order
        for query in (OWN_ORDERS, HELD_ORDERS, CUSTOMERS_ORDERS)
        for order in looked.rows(query, members=members, newest=looked.newest.text)
    ]
    orders = [order for order in found if str(order["ordered_on"]) >= first]
    reversals: dict[str, list[Values]] = defaultdict(list)
    for row in looked.rows(REVERSALS, ids=[order["order_id"] for order in orders]):
        reversals[row["order_id"]].append(row)
    enrolled = looked.rows(
        "select member_id, enrolled_on from drops.members where list_contains($members, member_id)",
        members=members,
    )
    return Activities(
        orders, reversals, {row["member_id"]: str(row["enrolled_on"]) for row in enrolled}
    )
