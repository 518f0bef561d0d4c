"""Why a return has its status, what is due for it, and the calls after an order (contract 2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.book.business_days import count_business_days
from pipelines.book.programme_sections import Returns
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons.words import Values, standing_at
from pipelines.proof.story import Decision, Row
from pipelines.reports.look.formats import plural

REASONS = {
    "damaged_in_transit": "goods damaged in transit", "sent_in_error": "goods sent in error",
    "faulty": "faulty goods", "wrong_choice": "a wrong choice", "changed_mind": "a change of mind",
}  # fmt: skip
LISTED = {
    "changed": "listed because its status is not the one that the last close worked out",
    "open": "listed because it is still open",
    "unsettled": "listed because the refund due is not the refund made",
}


def tell_decisions(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """The rule that gave each RAN its status, with its days, and the refund."""
    ids = [decision.row["ran_id"] for decision in rows]
    versions = looked.rows(
        "select authorised.*, placed.country from drops.returns as authorised "
        "join drops.orders as placed on placed.order_id = authorised.order_id "
        "where list_contains($ids, ran_id)",
        ids=ids,
    )
    told = []
    for decision in rows:
        own = [each for each in versions if each["ran_id"] == decision.row["ran_id"]]
        [ran] = standing_at(own, ("ran_id",), decision.month)
        figures = looked.policy(decision.month).returns
        end = Month(decision.month).end
        status = [] if figures is None else [_tell_status(decision.row, ran, figures, end)]
        told.append([*status, *_tell_refund(decision.row, end), *_tell_listed(decision.row)])
    return told


def _tell_status(row: Row, ran: Values, figures: Returns, end: date) -> str:
    asked, delivered = ran["requested_on"], ran["delivered_on"]
    what = REASONS[row["reason"]]
    status = row["status_reason"] or row["status"]
    if status == "late_notice":
        days = business_days(ran["country"], delivered, asked)
        return (
            f"reported {plural(days, 'business day')} after delivery on {delivered}; "
            f"{what} must be reported within {figures.notice_business_days}"
        )
    if status == "outside_guarantee":
        days = (asked - delivered).days
        return (
            f"asked for {plural(days, 'day')} after delivery on {delivered}; "
            f"the guarantee for {what} is {figures.guarantee_days} days"
        )
    if row["remedy"] == "replacement":
        return f"{what} are replaced and need not come back"
    if status == "requested":
        return f"asked for on {asked}; no return number was issued by {end}"
    return _tell_goods(status, ran, figures, end)


def _tell_goods(status: str, ran: Values, figures: Returns, end: date) -> str:
    """What became of the goods once the return number was issued; later dates are not known yet."""
    issued = ran["issued_on"]
    received = ran["received_on"] if ran["received_on"] and ran["received_on"] <= end else None
    days = plural(((received or end) - issued).days, "day")
    most = f"at most {figures.ran_days} count"
    if status == "not_received_in_time":
        came = f"received {days} after" if received else f"not received by {end}, {days} after"
        return f"{came} the return number was issued on {issued}; {most}"
    if status == "awaiting_goods":
        return f"the return number was issued on {issued}; not received by {end}, {days} on; {most}"
    came = f"received {days} after the return number was issued on {issued} ({most})"
    if status == "ran_not_displayed":
        return f"{came}, but the return number was not shown on the parcel"
    if status == "no_proof_of_purchase":
        return f"{came}, but without proof of purchase"
    return f"{came}, with the return number shown and proof of purchase: refunded, not exchanged"


def _tell_refund(row: Row, end: date) -> list[str]:
    if row["refund_due"] == row["refund_made"] == "0.00":
        return [f"no refund is due, none was made by {end}"]
    return [
        f"a refund of {row['refund_due']} {row['currency']} is due ({row['bv_due']} BV), "
        f"{row['refund_made']} was made by {end}: difference {row['difference']}"
    ]


def _tell_listed(row: Row) -> list[str]:
    return [LISTED[row["listed_for"]]] if row.get("listed_for") else []


def business_days(country: str, after: date, to: date) -> int:
    """The business days from the day after the first date up to and including the second."""
    before, passed = count_business_days(country, [after, to])
    return passed - before


def tell_lines(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """What of each product is accepted and what goes back."""
    return [[_tell_line(decision.row)] for decision in rows]


def _tell_line(row: Row) -> str:
    return (
        f"{row['product_code']}: {row['authorised']} authorised, {row['received']} received; "
        f"{row['accepted']} accepted, {row['returned_to_sender']} sent back"
    )


def tell_unmatched(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Why a refund belongs to no return."""
    return [
        [
            f"the refund names {row['ran_id']}, which is no known RAN of this order"
            if row["ran_id"]
            else "the refund names no RAN"
        ]
        for row in (decision.row for decision in rows)
    ]


def tell_follow_ups(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """The rule that makes each call due, and whose it is."""
    ids = [decision.row["order_id"] for decision in rows]
    orders = {
        row["order_id"]: row
        for row in looked.rows(
            "select order_id, channel, ordered_on from drops.orders "
            "where list_contains($ids, order_id)",
            ids=ids,
        )
    }
    return [
        _tell_call(looked, decision, orders[decision.row["order_id"]]) for decision in rows
    ]  # fmt: skip


def _tell_call(looked: Looked, decision: Decision, order: dict[str, Any]) -> list[str]:
    row, policy = decision.row, looked.policy(decision.month)
    calls, referral = policy.follow_up, policy.referral
    day = f"the order's day, {order['ordered_on']}"
    role = "its seller" if order["channel"] == "sale" else "its holder at the month's end"
    told = [f"the call is {row['representative_id']}'s, {role}"]
    if row["task"] == "contact" and referral is not None:
        told.append(f"to be made within {referral.contact_hours} hours: by {row['due_to']}")
    elif row["task"] == "arrival" and calls is not None:
        days = f"{calls.arrival_from_days} to {calls.arrival_to_days} days after {day}"
        told.append(f"asked whether it has arrived {days}")
    elif calls is not None:
        told.append(f"asked how it goes {plural(calls.check_in_days, 'day')} after {day}")
    return told
