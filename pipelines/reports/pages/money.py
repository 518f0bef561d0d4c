"""The month's money on its first page, by currency: what was sold, taken back, is due, and booked.

Belongs here: two tables over all programmes. Money of several currencies is never added up.
"""

from __future__ import annotations

from pipelines.reports.look.formats import month_name, plural
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, read_query

BY_CURRENCY = read_query("money/by_currency")
QUARANTINED_MONEY = read_query("money/quarantined")
JOURNAL = read_query("money/journal")
# Each line in words, and the report that has its rows.
LINES = {
    "orders_posted": ("Orders posted", "finance/sales.csv"),
    "reversals_posted": ("Reversals posted", "finance/sales.csv"),
    "net_sales": ("Net of both", "finance/sales.csv"),
    "refunds_without_ran": ("Refunds without a RAN", "returns/unmatched.csv"),
    "refunds_still_due": ("Refunds due and not made", "returns/decisions.csv"),
    "refunds_beyond_due": ("Refunds made beyond what is due", "returns/decisions.csv"),
    "orders_left_out": ("Orders left out as quarantined", "quality/quarantine.csv"),
    "reversals_left_out": ("Reversals left out as quarantined", "quality/quarantine.csv"),
    "billed_tied": ("Billed with a consultant", "finance/subscription_commissions.csv"),
    "billed_untied": ("Billed without a consultant", "finance/subscription_commissions.csv"),
    "commissions": ("Subscription commissions", "finance/subscription_commissions.csv"),
}


def money_table(view: MonthView) -> Table:
    """The lines of money by currency, with the year to date and the same month a year ago."""
    columns = [
        Column("line", "What"), Column("currency", "Currency"),
        Column("amount", "Amount", "bv"), Column("documents", "Documents", "count"),
        Column("year_to_date", "Year to date", "bv"),
    ]  # fmt: skip
    if view.year_ago in view.months:
        columns.append(Column("year_ago", month_name(view.year_ago.text), "bv"))
    columns.append(Column("file", "Rows in", "file"))
    rows = [
        row | {"line": LINES[row["line"]][0], "file": LINES[row["line"]][1]}
        for row in view.rows(BY_CURRENCY)
    ]
    return whole_table("money", "Money by currency", tuple(columns), rows,
                       query=BY_CURRENCY.name, note=_note(view),
                       empty="No money moved this month.")  # fmt: skip


def _note(view: MonthView) -> str:
    """What the amounts of quarantined rows are, where there are such."""
    rows = [row for row in view.rows(QUARANTINED_MONEY) if row["table"] in ("orders", "reversals")]
    if not rows:
        return ""
    told = "What was left out is in no other figure; its amounts are as its rows say them"
    unreadable = sum(row["unreadable"] for row in rows)
    return (
        f"{told}, {plural(unreadable, 'row')} without a readable one." if unreadable else f"{told}."
    )


def journal_table(view: MonthView) -> Table | None:
    """The journal by document and account; None where the policy has no journal."""
    if view.policy.journal is None:
        return None
    columns = (
        Column("document", "Document"), Column("account", "Account"),
        Column("currency", "Currency"), Column("lines", "Lines", "count"),
        Column("parties", "with a consultant", "count"), Column("debit", "Debit", "bv"),
        Column("credit", "Credit", "bv"),
    )  # fmt: skip
    rows = view.rows(JOURNAL)
    is_one = len({row["currency"] for row in rows}) == 1
    names = ("lines", "parties", *(("debit", "credit") if is_one else ()))
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table("journal-totals", "Journal by document and account", columns, rows,
                       csv="finance/journal.csv", query=JOURNAL.name,
                       totals=totals if rows else {},
                       empty="Nothing is to be journalised this month.")  # fmt: skip
