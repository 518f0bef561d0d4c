"""The referral page: who qualified and why not, how the rotation ran, what had no leader."""

from __future__ import annotations

from typing import Any

from pipelines.reports.look.formats import plural
from pipelines.reports.look.tables import Column, Row, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, read_query

REASONS = ("paid_rank", "order", "enrolments", "standing", "barred")
WINDOW = read_query("referral/window")
SEATS = read_query("referral/seats")
FAILED = read_query("referral/failed")
OUTCOMES = read_query("referral/outcomes")
QUALIFIED = read_query("referral/qualified")
ROUNDS = read_query("referral/rounds")
SERVED = read_query("referral/served")
QUEUE = read_query("referral/queue")
UNASSIGNED = read_query("referral/unassigned")
LEADS = read_query("referral/leads")
DECISIONS = read_query("referral/decisions")
REQUESTS = read_query("referral/requests")
TOTALS = read_query("referral/totals")


def page(view: MonthView) -> dict[str, Any]:
    """What the referral page shows."""
    window = view.rows(WINDOW)
    return {
        "lead_queries": (TOTALS.name, WINDOW.name),
        "window": window[0] if window else None,
        "totals": view.row(TOTALS),
        "rules": view.policy.referral,
        "failed": _failed(view),
        "seats": _seats(view),
        "qualified_trend": view.trend("qualified-trend", "Seats qualified by month", QUALIFIED, {
            "qualified": "Qualified",
        }, "count"),
        "orders_trend": view.trend("orders-trend", "Retail orders by month", OUTCOMES, {
            "assigned": "Assigned", "unassigned": "Without a leader",
        }, "count"),
        "rounds": _rounds(view),
        "served": _served(view),
        "queue": _queue(view),
        "unassigned": _unassigned(view),
        "leads": _leads(view),
        "decisions": _decisions(view),
        "requests": _requests(view),
    }  # fmt: skip


def _failed(view: MonthView) -> Table:
    found = {row["reason"]: row for row in view.rows(FAILED)}
    nothing: Row = {"seats": 0, "bar": 0, "alone": 0}
    rows = [{"reason": reason} | found.get(reason, nothing) for reason in REASONS]
    columns = (
        Column("reason", "Rule that failed", "code"), Column("seats", "Seats", "count"),
        Column("alone", "by this rule alone", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return whole_table("failed", "Why seats did not qualify", columns, rows,
                       csv="qualification.csv", query=FAILED.name,
                       note="A seat can fail several rules and is counted at each.")  # fmt: skip


def _seats(view: MonthView) -> Table:
    columns = (
        Column("seat_id", "Seat", "id"), Column("qualified", "Qualified", "tick"),
        Column("paid_rank_ok", "All weeks", "tick"), Column("order_ok", "Order", "tick"),
        Column("enrolments_ok", "Enrolments", "tick"), Column("standing_ok", "Standing", "tick"),
        Column("barred_ok", "No hold", "tick"), Column("rank", "Rank"),
        Column("weeks_paid", "Weeks paid", "count"), Column("best_order_bv", "Best order", "bv"),
        Column("enrolments", "Enrolled", "count"),
    )  # fmt: skip
    return view.table("seats", "Seats, rule by rule", columns, SEATS, csv="qualification.csv",
                      note="Those that qualified first, then those that came closest.")  # fmt: skip


def _rounds(view: MonthView) -> Table:
    columns = (
        Column("run_no", "Run", "count"), Column("dealt", "What"),
        Column("from_on", "Eligible since", "day"), Column("deals", "Dealt", "count"),
        Column("seats", "Seats served", "count"), Column("fewest", "Fewest each", "count"),
        Column("most", "Most each", "count"),
    )  # fmt: skip
    return view.table(
        "rounds", "How the rotation ran", columns, ROUNDS,
        note="A run lasts as long as the same seats are eligible; one that dealt nothing is left "
             "out. In a fair run the fewest and the most, of the seats that were served, differ by "
             "1 at most.",
        empty="Nothing was dealt this month.",
    )  # fmt: skip


def _served(view: MonthView) -> Table:
    columns = (
        Column("seat_id", "Seat", "id"), Column("orders", "Orders", "count"),
        Column("bar", kind="bar"), Column("bv", "BV", "bv"), Column("leads", "Leads", "count"),
        Column("last_at", "Last order (UTC)", "instant"),
    )  # fmt: skip
    return view.table("served", "What each seat was given", columns, SERVED,
                      csv="assignments.csv", empty="Nothing was assigned this month.")  # fmt: skip


def _queue(view: MonthView) -> Table:
    columns = (
        Column("place", "Place", "count"), Column("seat_id", "Seat", "id"),
        Column("credit_member_id", "Credited member", "id"),
        Column("last_order_id", "Last order", "id"),
        Column("last_order_at", "Ordered (UTC)", "instant"),
    )  # fmt: skip
    return view.table("queue", "The queue for orders after this month", columns, QUEUE,
                      note="Of the seats that qualified this month; empty means never served.",
                      empty="No seat qualified this month.")  # fmt: skip


def _unassigned(view: MonthView) -> Table:
    columns = (
        Column("outcome", "Reason", "code"), Column("country", "Country", "country"),
        Column("orders", "Orders", "count"), Column("bv", "BV", "bv"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("unassigned", "Orders without a leader", columns, UNASSIGNED,
                      csv="assignments.csv", empty="Every retail order has a leader.")  # fmt: skip


def _leads(view: MonthView) -> Table:
    columns = (
        Column("outcome", "Outcome", "code"), Column("leads", "Leads", "count"),
        Column("delegated", "of them to a delegate", "count"),
    )  # fmt: skip
    return view.table("leads", "Leads", columns, LEADS, csv="leads.csv",
                      empty="No lead came in this month.")  # fmt: skip


def _decisions(view: MonthView) -> Table:
    columns = (
        Column("decision", "Decision", "code"), Column("requests", "Requests", "count"),
        Column("bv", "BV moved", "bv"),
    )  # fmt: skip
    return view.table("decisions", "Reassignments by decision", columns, DECISIONS,
                      csv="reassignments.csv", empty="No reassignment was asked for.")  # fmt: skip


def _requests(view: MonthView) -> Table:
    days = plural(view.policy.referral.reassignment_business_days, "business day") \
        if view.policy.referral else ""  # fmt: skip
    columns = (
        Column("order_id", "Order", "id"), Column("requested_at", "Asked for (UTC)", "instant"),
        Column("from_member_id", "From", "id"), Column("to_member_id", "To", "id"),
        Column("business_days", "Days", "count"), Column("decision", "Decision", "code"),
        Column("bv", "BV", "bv"),
    )  # fmt: skip
    return view.table("requests", f"Requests; {days} are allowed", columns, REQUESTS, shown=50,
                      csv="reassignments.csv")  # fmt: skip
