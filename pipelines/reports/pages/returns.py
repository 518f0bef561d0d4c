"""The returns page: what is new and what stands, which refunds are not as due, which calls are due.

New is a return that has another status than at the last close (`listed_for` says `changed`). One
that was so already is listed while it is open or its refund is not as due, and counted apart.
"""

from __future__ import annotations

from typing import Any

from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, read_query

STATUSES = ("accepted", "requested", "awaiting_goods", "refused", "void")
TOTALS = read_query("returns/totals")
BY_STATUS = read_query("returns/by_status")
STANDING = read_query("returns/standing")
WHY = read_query("returns/why")
MONEY = read_query("returns/money")
DIFFERENCES = read_query("returns/differences")
OPEN = read_query("returns/open")
PRODUCTS = read_query("returns/products")
UNMATCHED = read_query("returns/unmatched")
BY_MONTH = read_query("returns/by_month")
CALLS = read_query("returns/calls")
CALLERS = read_query("returns/callers")


def page(view: MonthView) -> dict[str, Any]:
    """What the returns page shows; each half only where its programme runs."""
    runs, calls = view.policy.returns is not None, view.policy.follow_up is not None
    return {
        "lead_queries": (TOTALS.name,) if runs else (),
        "runs": runs,
        "has_calls": calls,
        "rules": view.policy.returns,
        "totals": view.row(TOTALS) if runs else {},
        "trend": view.trend("status-trend", "New decisions by month", BY_MONTH, {
            "accepted": "Accepted", "refused": "Refused", "void": "Void",
        }, "count") if runs else None,
        "decided": [_statuses(view), _why(view), _standing(view)] if runs else [],
        "refunds": [_money(view), _differences(view), _unmatched(view)] if runs else [],
        "others": [_open(view), _products(view)] if runs else [],
        "calls": [_calls(view), _callers(view)] if calls else [],
    }  # fmt: skip


def _statuses(view: MonthView) -> Table:
    columns = (
        Column("reason", "Reason", "code"), Column("returns", "Returns", "count"),
        Column("accepted", "Accepted", "count"), Column("requested", "Requested", "count"),
        Column("awaiting_goods", "Waiting for goods", "count"),
        Column("refused", "Refused", "count"), Column("void", "Void", "count"),
    )  # fmt: skip
    rows = view.rows(BY_STATUS)
    totals = {name: sum(row[name] for row in rows) for name in ("returns", *STATUSES)}
    return whole_table("statuses", "New this month, by reason and status", columns, rows,
                       csv="decisions.csv", query=BY_STATUS.name, totals=totals if rows else {},
                       empty="No return has another status than at the last close.")  # fmt: skip


def _standing(view: MonthView) -> Table:
    columns = (
        Column("listed_for", "Listed because", "code"), Column("status", "Status", "code"),
        Column("currency", "Currency"), Column("returns", "Returns", "count"),
        Column("oldest", "Oldest requested", "day"),
        Column("difference", "Refund still due", "signed"),
    )  # fmt: skip
    return view.table("standing", "Standing: decided before, and listed still", columns, STANDING,
                      csv="decisions.csv", note="Below zero: paid beyond what is due.",
                      empty="Nothing of earlier months is open.")  # fmt: skip


def _why(view: MonthView) -> Table:
    columns = (
        Column("status", "Status", "code"), Column("status_reason", "Because", "code"),
        Column("returns", "Returns", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("why", "Why new ones were not accepted", columns, WHY,
                      csv="decisions.csv", empty="None was newly refused or void.")  # fmt: skip


def _money(view: MonthView) -> Table:
    columns = (
        Column("currency", "Currency"), Column("returns", "Returns", "count"),
        Column("refund_due", "Refund due", "bv"), Column("refund_made", "Refund made", "bv"),
        Column("difference", "Still due", "signed"), Column("bv_due", "BV due", "bv"),
    )  # fmt: skip
    return view.table("money", "Refunds due and made", columns, MONEY, csv="decisions.csv",
                      note="Below zero: paid beyond what is due.",
                      empty="No refund is due or was made.")  # fmt: skip


def _differences(view: MonthView) -> Table:
    columns = (
        Column("ran_id", "RAN", "id"), Column("order_id", "Order", "id"),
        Column("status", "Status", "code"), Column("remedy", "Remedy", "code"),
        Column("currency", "Currency"), Column("refund_due", "Due", "bv"),
        Column("refund_made", "Made", "bv"), Column("difference", "Still due", "signed"),
        Column("is_new", "New", "sign"),
    )  # fmt: skip
    return view.table("differences", "Refunds that are not as due", columns, DIFFERENCES,
                      csv="decisions.csv",
                      note="Below zero: paid beyond what is due. New: not so, or by another "
                           "amount, the month before.",
                      empty="Every refund made is the refund due.")  # fmt: skip


def _unmatched(view: MonthView) -> Table:
    columns = (
        Column("reversal_id", "Reversal", "id"), Column("order_id", "Order", "id"),
        Column("ran_id", "RAN named", "id"), Column("reversed_at", "Made (UTC)", "instant"),
        Column("currency", "Currency"), Column("amount", "Amount", "bv"),
        Column("bv", "BV", "bv"),
    )  # fmt: skip
    return view.table("unmatched", "Refunds that name no known RAN of their order", columns,
                      UNMATCHED, csv="unmatched.csv",
                      note="Find the return authorisation, or treat it as goodwill.",
                      empty="Every refund names its RAN.")  # fmt: skip


def _open(view: MonthView) -> Table:
    columns = (
        Column("ran_id", "RAN", "id"), Column("order_id", "Order", "id"),
        Column("reason", "Reason", "code"), Column("requested_on", "Requested", "day"),
        Column("status", "Status", "code"), Column("is_new", "New", "sign"),
    )  # fmt: skip
    return view.table("open", "Open returns, the oldest first", columns, OPEN,
                      csv="decisions.csv", empty="No return is open.")  # fmt: skip


def _products(view: MonthView) -> Table:
    columns = (
        Column("product_code", "Product", "id"), Column("returns", "Returns", "count"),
        Column("authorised", "Authorised", "count"), Column("received", "Received", "count"),
        Column("accepted", "Accepted", "count"),
        Column("returned_to_sender", "Sent back", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("products", "Products, by pieces accepted", columns, PRODUCTS, shown=50,
                      csv="lines.csv", empty="No product was returned.")  # fmt: skip


def _calls(view: MonthView) -> Table:
    columns = (
        Column("task", "Call", "code"), Column("calls", "Calls", "count"),
        Column("representatives", "Representatives", "count"),
        Column("in_month", "due by the month's end", "count"), Column("later", "later", "count"),
    )  # fmt: skip
    return view.table("calls", "Follow-up calls", columns, CALLS, csv="follow_ups.csv",
                      empty="No call is due.")  # fmt: skip


def _callers(view: MonthView) -> Table:
    columns = (
        Column("representative_id", "Representative", "id"), Column("calls", "Calls", "count"),
        Column("first_due", "First one due by", "day"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("callers", "Representatives with most calls", columns, CALLERS, shown=50,
                      csv="follow_ups.csv", empty="No call is due.")  # fmt: skip
