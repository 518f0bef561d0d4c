"""The reports of the customer referral programme (contract 2, sections 2 to 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl

OUTCOMES = ("outside_countries", "outside_benefits", "no_leader", "assigned")
ASSIGNED = ("outcome", "assigned")


class Qualification(Table):
    """One row per seat that holds the rank to take part: whether it qualified, and if not why."""

    month: pl.String = printed("month", "The month whose qualification window was looked at.")
    seat_id: pl.String = printed("id", "The seat: a business, or a member without one.")
    credit_member_id: pl.String = printed(
        "id", "The seat's centre who is credited with what the seat is dealt."
    )
    rank: pl.String = printed("rank", "The highest rank of the seat's centres.")
    weeks_paid: pl.Int32 = printed(
        "int", "Weeks of the window in which a centre was paid at the rank or above.", least=0
    )
    weeks: pl.Int32 = printed("int", "Weeks of the window.", least=0)
    best_order_bv: pl.Decimal = printed(
        "decimal",
        "The most that one order bought by a centre in the window has left of its BV.",
        empty="no centre ordered",
    )
    enrolments: pl.Int32 = printed("int", "Enrolments in the window that count.", least=0)
    good_standing: pl.Boolean = printed("bool", "Whether no standing hold touches the window.")
    barred: pl.Boolean = printed(
        "bool", "Whether a referral hold is in force when the benefits start."
    )
    qualified: pl.Boolean = printed("bool", "Whether no reason stands against the seat.")
    reasons: pl.String = printed(
        "codes",
        "Every reason against it, in the contract's order.",
        empty="it qualified",
        allowed=("paid_rank", "order", "enrolments", "standing", "barred"),
        when=("qualified", "false"),
    )

    class Config:
        metadata = reported("referral/qualification", "seat_id")


class Assignments(Table):
    """One row per retail order that posts in the month: whom the rotation gave it to."""

    order_id: pl.String = printed("id", "The retail order.")
    ordered_at: pl.Datetime = printed("time", "When it was placed.")
    country: pl.String = printed("country", "The country it was ordered in.")
    bv: pl.Decimal = printed("decimal", "The order's own BV, before anything taken back.", least=0)
    benefits_month: pl.String = printed(
        "month",
        "The month whose benefits window holds the order's business date.",
        empty="no window holds it",
    )
    outcome: pl.String = printed("code", "Whether it was assigned, or why not.", allowed=OUTCOMES)
    seat_id: pl.String = printed(
        "id", "The seat it went to.", empty="it was not assigned", when=ASSIGNED
    )
    member_id: pl.String = printed(
        "id", "The seat's centre credited with it.", empty="it was not assigned", when=ASSIGNED
    )
    contact_by: pl.Datetime = printed(
        "time",
        "Until when the customer is to be contacted.",
        empty="it was not assigned",
        when=ASSIGNED,
    )

    class Config:
        metadata = reported("referral/assignments", "order_id")


class Leads(Table):
    """One row per lead that posts in the month: whom its own rotation gave it to."""

    lead_id: pl.String = printed("id", "The lead.")
    requested_at: pl.Datetime = printed("time", "When information was asked for.")
    country: pl.String = printed("country", "Where from.")
    benefits_month: pl.String = printed(
        "month",
        "The month whose benefits window holds the lead's business date.",
        empty="no window holds it",
    )
    outcome: pl.String = printed("code", "Whether it was assigned, or why not.", allowed=OUTCOMES)
    seat_id: pl.String = printed(
        "id", "The seat it went to.", empty="it was not assigned", when=ASSIGNED
    )
    member_id: pl.String = printed(
        "id", "The seat's centre credited with it.", empty="it was not assigned", when=ASSIGNED
    )
    delegate_id: pl.String = printed(
        "id",
        "Whom the credited member has named to receive leads on that date.",
        empty="the credited member receives it, or nobody",
    )

    class Config:
        metadata = reported("referral/leads", "lead_id")


class Reassignments(Table):
    """One row per reassignment that posts in the month: whether the order moves."""

    order_id: pl.String = printed("id", "The order that a referring associate claims.")
    requested_at: pl.Datetime = printed("time", "When it was claimed.")
    from_member_id: pl.String = printed(
        "id", "Who held the order at that moment.", empty="the house did"
    )
    to_member_id: pl.String = printed("id", "The associate who claims it.")
    business_days: pl.Int32 = printed(
        "int", "Business days after the order's date, up to and including the claim's.", least=0
    )
    decision: pl.String = printed(
        "code",
        "Whether it was accepted, or the first reason against it.",
        allowed=(
            "not_retail", "not_assigned", "not_associate", "too_late", "reversed", "accepted",
        ),
    )  # fmt: skip
    bv: pl.Decimal = printed(
        "decimal", "What was left of the order's BV and moved; 0.00 unless accepted."
    )

    class Config:
        metadata = reported("referral/reassignments", "order_id")
