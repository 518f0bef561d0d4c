"""The customers page: who owns customers, what they are worth, subscriptions and parties.

A customer is an e-mail address, so no customer is named: owners are counted.
"""

from __future__ import annotations

from typing import Any

from pipelines.reports.look.formats import ratio
from pipelines.reports.look.tables import Column, Table
from pipelines.reports.pages.month_view import MonthView, read_query

TOTALS = read_query("customers/totals")
OWNED = read_query("customers/owned")
COMMISSION = read_query("customers/commission")
VALUE = read_query("customers/value")
MOVES = read_query("customers/moves")
SUBSCRIPTIONS = read_query("customers/subscriptions")
PARTIES = read_query("customers/parties")


def page(view: MonthView) -> dict[str, Any]:
    """What the customers page shows."""
    totals = view.row(TOTALS)
    return {
        "lead_queries": (TOTALS.name,),
        "totals": totals,
        "rules": view.policy.subscriptions,
        "currency": view.policy.company.currency,
        "retained_share": ratio(totals["retained"], totals["customers"]),
        "repeat_share": ratio(totals["repeated"], totals["customers"]),
        "owned": view.trend("owned-trend", "Customers with an owner by month", OWNED, {
            "purchase": "By purchase", "subscription": "By subscription",
        }, "count"),
        "commission": view.trend(
            "commission-trend",
            f"Subscription commissions by month, {view.policy.company.currency}",
            COMMISSION, {"commission": "Commission"},
        ),
        "value": _value(view),
        "moves": _moves(view),
        "subscriptions": _subscriptions(view),
        "parties": _parties(view),
    }  # fmt: skip


def _value(view: MonthView) -> Table:
    columns = (
        Column("owner_id", "Owner", "id"), Column("customers", "Customers", "count"),
        Column("repeat_customers", "bought again", "count"),
        Column("retained", "retained", "count"), Column("orders", "Orders", "count"),
        Column("net_bv", "Net BV", "bv"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("value", "Owners by their customers' net BV", columns, VALUE,
                      csv="value.csv", empty="No customer has an owner.")  # fmt: skip


def _moves(view: MonthView) -> Table:
    columns = (
        Column("previous_owner_id", "From", "id"), Column("owner_id", "To", "id"),
        Column("basis", "How", "code"), Column("customers", "Customers", "count"),
        Column("net_bv", "Net BV", "bv"),
    )  # fmt: skip
    return view.table("moves", "Customers who have another owner now", columns, MOVES,
                      csv="owners.csv", empty="Every customer has the same owner.")  # fmt: skip


def _subscriptions(view: MonthView) -> Table:
    columns = (
        Column("status", "Status", "code"), Column("subscriptions", "Subscriptions", "count"),
        Column("tied", "with a consultant", "count"), Column("untied", "without one", "count"),
        Column("monthly_budget", f"Monthly budget, {view.policy.company.currency}", "bv"),
    )  # fmt: skip
    return view.table("subscriptions", "Subscriptions", columns, SUBSCRIPTIONS,
                      csv="subscriptions.csv", empty="There are no subscriptions.")  # fmt: skip


def _parties(view: MonthView) -> Table:
    columns = (
        Column("party_id", "Party", "id"), Column("consultant_id", "Consultant", "id"),
        Column("held_on", "Held", "day"), Column("orders", "Orders", "count"),
        Column("customers", "Customers", "count"), Column("net_bv", "Net BV", "bv"),
        Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("parties", "Parties with news this month", columns, PARTIES,
                      csv="parties.csv", empty="There is no news of any party.")  # fmt: skip
