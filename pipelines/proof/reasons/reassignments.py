"""Why an order moved to the referring associate, or did not (contract 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.book.business_days import list_holidays
from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons.words import Values, listed, short_day
from pipelines.proof.story import Decision

REQUESTS = """
    select
        request.order_id, request.requested_on, request.requested_at,
        placed.channel, placed.country, placed.ordered_at, placed.ordered_on, placed.bv,
        assignment.outcome
    from drops.reassignments as request
    join drops.orders as placed on placed.order_id = request.order_id
    left join referral.assignments as assignment on assignment.order_id = request.order_id
    where list_contains($ids, request.order_id)
"""
REVERSED = """
    select reversal_id, order_id, bv, posting_month, reversed_at from drops.reversals
    where list_contains($ids, order_id) order by reversed_at, reversal_id
"""


def tell_reassignments(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """The reasons for each request's decision."""
    ids = [decision.row["order_id"] for decision in rows]
    requests = {row["order_id"]: row for row in looked.rows(REQUESTS, ids=ids)}
    reversals = looked.rows(REVERSED, ids=ids)
    return [
        _tell(looked, decision, requests[decision.row["order_id"]], reversals) for decision in rows
    ]


def _tell(
    looked: Looked, decision: Decision, request: Values, reversals: list[Values]
) -> list[str]:
    row, month = decision.row, decision.month
    referral = looked.policy(month).referral
    outcome = row["decision"]
    if outcome == "not_retail":
        return [f"it is a {request['channel']} order; only retail orders can be reassigned"]
    if outcome == "not_assigned":
        if referral is None:
            return [f"the referral programme does not run in {month}"]
        was = request["outcome"] or "history: it was never dealt"
        return [f"the order was not assigned to a seat ({was})"]
    if outcome == "not_associate":
        return [f"{row['to_member_id']} is not an associate in the snapshot of {month}"]
    most = referral.reassignment_business_days if referral else 0
    told = [_tell_days(row["business_days"], most, request)]
    if outcome == "too_late":
        return told
    before = [each for each in reversals if _is_before(each, request, month)]
    told += [f"{each['bv']} BV of it was reversed before, by {each['reversal_id']}"
             for each in before]  # fmt: skip
    if outcome == "reversed":
        return [*told, f"nothing is left of its {request['bv']} BV to move"]
    return [*told, f"{row['bv']} BV moves from {row['from_member_id']} to {row['to_member_id']}"]


def _is_before(reversal: Values, request: Values, month: str) -> bool:
    """Whether a reversal posted before the request did; none is before its order (contract 2.4)."""
    posted = reversal["posting_month"]
    if reversal["order_id"] != request["order_id"] or posted is None or posted > month:
        return False
    ordered = request["ordered_at"]
    moment = max(reversal["reversed_at"], ordered)
    return bool(posted < month or moment < max(request["requested_at"], ordered))


def _tell_days(counted: str, most: int, request: Values) -> str:
    """The business days between order and request, and the holidays that were not counted."""
    noun = "business day" if counted == "1" else "business days"
    told = f"the order came {counted} {noun} before the request; at most {most} count"
    days = list_holidays(request["country"], request["ordered_on"], request["requested_on"])
    if not days:
        return told
    is_are = "is a holiday" if len(days) == 1 else "are holidays"
    return f"{told}: {listed(short_day(day) for day in days)} {is_are} in {request['country']}"
