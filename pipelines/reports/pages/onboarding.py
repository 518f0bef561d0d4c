"""The onboarding page: how far accounts have come, who needs help, what is overdue."""

from __future__ import annotations

from typing import Any

from pipelines.reports.look.formats import ratio
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, read_query

STAGES = ("registered", "verified", "funded", "invested", "paid_up")
FUNNEL = read_query("onboarding/funnel")
MONEY = read_query("onboarding/money")
HELP = read_query("onboarding/help")
OVERDUE = read_query("onboarding/overdue")
NEXT_DUE = read_query("onboarding/next_due")
PARTNERS = read_query("onboarding/partners")
BY_MONTH = read_query("onboarding/by_month")


def page(view: MonthView) -> dict[str, Any]:
    """What the onboarding page shows."""
    funnel = view.row(FUNNEL)
    return {
        "lead_queries": (FUNNEL.name, MONEY.name),
        "totals": funnel,
        "money": view.row(MONEY),
        "currency": view.policy.company.currency,
        "rules": view.policy.onboarding,
        "funnel": _funnel(funnel),
        "trend": view.trend("accounts-trend", "Accounts by month", BY_MONTH, {
            "registered": "Registered", "invested": "Invested", "need_help": "Need help",
        }, "count"),
        "help": _help(view),
        "overdue": _overdue(view),
        "next_due": _next_due(view),
        "partners": _partners(view),
    }  # fmt: skip


def _funnel(found: dict[str, Any]) -> Table:
    all_accounts = found["registered"]
    rows = [
        {"stage": stage, "accounts": found[stage], "bar": found[stage],
         "of_all": ratio(found[stage], all_accounts)}
        for stage in STAGES
    ]  # fmt: skip
    columns = (
        Column("stage", "Stage", "code"), Column("bar", kind="bar"),
        Column("accounts", "Accounts", "count"), Column("of_all", "of all", "share"),
    )  # fmt: skip
    return whole_table(
        "funnel",
        "The funnel",
        columns,
        rows,
        csv="funnel.csv",
        query=FUNNEL.name,
        note="Funded: any top-up. Invested: anything bought. Paid up: every plan.",
    )


def _help(view: MonthView) -> Table:
    columns = (
        Column("help", "Needs", "code"), Column("accounts", "Accounts", "count"),
        Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("help", "Accounts that need help", columns, HELP, csv="accounts.csv",
                      note="An account can need several things.",
                      empty="No account needs help.")  # fmt: skip


def _overdue(view: MonthView) -> Table:
    columns = (
        Column("account_id", "Account", "id"), Column("partner_id", "Partner", "id"),
        Column("stage", "Stage", "code"), Column("balance", "Balance", "bv"),
        Column("invested", "Invested", "bv"), Column("overdue", "Overdue", "bv"),
        Column("bar", kind="bar"), Column("next_due_on", "Next due", "day"),
        Column("next_due_amount", "Amount", "bv"),
    )  # fmt: skip
    return view.table("overdue", "Overdue instalments, the largest first", columns, OVERDUE,
                      csv="accounts.csv", empty="Nothing is overdue.")  # fmt: skip


def _next_due(view: MonthView) -> Table:
    columns = (
        Column("due_month", "Due in", "month"), Column("accounts", "Accounts", "count"),
        Column("amount", "Next instalments", "bv"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("next-due", "What is due next", columns, NEXT_DUE, shown=24,
                      csv="accounts.csv", note="The next instalment of each account.",
                      empty="No instalment is to come.")  # fmt: skip


def _partners(view: MonthView) -> Table:
    columns = (
        Column("partner_id", "Partner", "id"), Column("registered", "Registered", "count"),
        Column("verified", "Verified", "count"), Column("funded", "Funded", "count"),
        Column("invested", "Invested", "count"), Column("paid_up", "Paid up", "count"),
        Column("need_help", "Need help", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("partners", "Partners, most help needed first", columns, PARTNERS,
                      csv="funnel.csv", empty="No account is registered.")  # fmt: skip
