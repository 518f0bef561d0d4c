"""The finance page: the month's BV proved to the cent, its money, where both came from and went."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.reports.look.formats import month_name
from pipelines.reports.look.tables import Column, Row, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, read_query

LINES = read_query("finance/lines")
BV_BY_MONTH = read_query("finance/bv_by_month")
SALES = read_query("finance/sales")
ENTRIES = read_query("finance/entries")
LATE = read_query("finance/late")
REVERSALS = read_query("finance/reversals")
MONEY_BACK = read_query("finance/money_back")
SALES_BY_CURRENCY = read_query("finance/sales_by_currency")
MOVED_MOST = read_query("finance/moved_most")
LARGEST_ENTRIES = read_query("finance/largest_entries")
VOLUMES = read_query("finance/volumes")
COMMISSIONS = read_query("finance/commissions")
JOURNAL = read_query("finance/journal")


def page(view: MonthView) -> dict[str, Any]:
    """What the finance page shows."""
    lines = reconciled(view)
    return {
        "lead_queries": (LINES.name,),
        "lines": lines,
        "is_proved": all(row["difference"] == 0 for row in proof(lines)),
        "proof": proof(lines),
        "bridge": _bridge(lines),
        "trend": view.trend("bv-trend", "BV by month", BV_BY_MONTH, {
            "posted": "Orders posted", "taken_back": "Taken back", "net": "Net BV",
        }),
        "sales": _sales(view),
        "sales_in_all": _sales_in_all(view),
        "entries": _entries(view),
        "late": _late(view),
        "reversals": _reversals(view),
        "money_back": _money_back(view),
        "moved": _moved(view),
        "largest": _largest(view),
        "volumes": _volumes(view) if view.policy.volume else None,
        "commissions": _commissions(view) if view.policy.subscriptions else None,
        "journal": _journal(view) if view.policy.journal else None,
    }  # fmt: skip


def reconciled(view: MonthView) -> dict[str, Decimal]:
    """The lines of the reconciliation."""
    rows = view.rows(LINES, of_month=view.month.text)
    return {row["line"]: row["bv"] for row in rows}


def proof(lines: dict[str, Decimal]) -> list[Row]:
    """The equations that must hold, each with both its sides."""
    ledger = lines["credits"] + lines["transfers"] + lines["reversals"]
    held = lines["house_net"] + lines["volume_total"]
    equations = (
        ("Every posted order is credited once", "orders posted", lines["orders_posted"],
         "credits", lines["credits"]),
        ("Every reversal is taken back once", "reversals posted", lines["reversals_posted"],
         "reversals, turned round", -lines["reversals"]),
        ("A transfer only moves BV", "transfers", lines["transfers"], "nothing", Decimal("0.00")),
        ("The ledger is these three", "credits, transfers and reversals", ledger,
         "net", lines["net"]),
        ("All of it is the house's or a member's", "net", lines["net"],
         "house and personal volumes", held),
    )  # fmt: skip
    return [
        {"told": told, "left": left, "left_bv": one, "right": right, "right_bv": other,
         "difference": one - other}
        for told, left, one, right, other in equations
    ]  # fmt: skip


def _bridge(lines: dict[str, Decimal]) -> Table:
    steps = (
        ("Credited to members", lines["credits"] - lines["house_credits"]),
        ("Credited to the house", lines["house_credits"]),
        ("Moved by reassignments", lines["transfers"]),
        ("Taken back", lines["reversals"]),
        ("Net BV", lines["net"]),
        ("of which the house", lines["house_net"]),
        ("of which members", lines["volume_total"]),
    )
    rows = [{"step": step, "bv": bv, "bar": bv} for step, bv in steps]
    columns = (Column("step", "Step"), Column("bv", "BV", "bv"), Column("bar", kind="bar"))
    return whole_table("bridge", "From credits to net BV", columns, rows,
                       csv="reconciliation.csv", query=LINES.name)  # fmt: skip


SALES_COLUMNS = (
    Column("orders", "Orders", "count"), Column("amount", "Amount", "bv"), Column("bv", "BV", "bv"),
    Column("reversals", "Reversals", "count"), Column("amount_reversed", "Amount taken back", "bv"),
    Column("net_amount", "Net amount", "bv"), Column("net_bv", "Net BV", "bv"),
)  # fmt: skip


def _sales(view: MonthView) -> Table:
    columns = (Column("channel", "Channel", "code"), Column("currency", "Currency"))
    rows = view.rows(SALES)
    # Amounts are added up in one currency only; several have a table of their own.
    is_one = len({row["currency"] for row in rows}) == 1
    names = ["orders", "bv", "reversals", "net_bv"]
    names += ["amount", "amount_reversed", "net_amount"] if is_one else []
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table("sales", "Sales by channel", (*columns, *SALES_COLUMNS), rows,
                       csv="sales.csv", query=SALES.name, totals=totals if rows else {},
                       empty="Nothing was posted this month.")  # fmt: skip


def _sales_in_all(view: MonthView) -> Table | None:
    """Sales of all channels by currency; None where there is one, whose totals stand by channel."""
    rows = view.rows(SALES_BY_CURRENCY)
    if len(rows) < 2:
        return None
    columns = (Column("currency", "Currency"), *SALES_COLUMNS)
    return whole_table("sales-in-all", "Sales in all, by currency", columns, rows,
                       csv="sales.csv", query=SALES_BY_CURRENCY.name)  # fmt: skip


def _journal(view: MonthView) -> Table:
    columns = (
        Column("line_no", "No.", "count"), Column("document", "Document"),
        Column("account", "Account"), Column("consultant_id", "Party", "id"),
        Column("currency", "Currency"), Column("debit", "Debit", "bv"),
        Column("credit", "Credit", "bv"),
    )  # fmt: skip
    return view.table("journal", "Lines of the journal", columns, JOURNAL, shown=20,
                      csv="journal.csv",
                      empty="Nothing is to be journalised this month.")  # fmt: skip


def _entries(view: MonthView) -> Table:
    columns = (
        Column("entry", "Entry", "code"), Column("reason", "Reason", "code"),
        Column("entries", "Entries", "count"), Column("bv", "BV", "bv"), Column("bar", kind="bar"),
    )  # fmt: skip
    rows = view.rows(ENTRIES)
    totals = {"entries": sum(row["entries"] for row in rows), "bv": sum(row["bv"] for row in rows)}
    return whole_table(
        "entries",
        "The ledger by entry and reason",
        columns,
        rows,
        csv="bv_ledger.csv",
        query=ENTRIES.name,
        totals=totals,
    )


def _late(view: MonthView) -> Table:
    columns = (
        Column("event_month", "Happened in", "month"), Column("credits", "Orders", "count"),
        Column("reversals", "Reversals", "count"), Column("transfers", "Transfer lines", "count"),
        Column("bv", "BV", "bv"),
    )  # fmt: skip
    return view.table("late", "Late documents that post in this month", columns, LATE,
                      csv="bv_ledger.csv",
                      empty="No document of an earlier month came late.")  # fmt: skip


def _reversals(view: MonthView) -> Table:
    columns = (
        Column("kind", "Kind", "code"), Column("reversals", "Reversals", "count"),
        Column("to_14", "Up to 14 days", "bv"), Column("to_30", "15 to 30 days", "bv"),
        Column("to_90", "31 to 90 days", "bv"), Column("older", "Over 90 days", "bv"),
        Column("bv", "BV in all", "bv"),
    )  # fmt: skip
    rows = view.rows(REVERSALS)
    names = ("reversals", "to_14", "to_30", "to_90", "older", "bv")
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table("reversals", "BV taken back, by kind and the order's age", columns, rows,
                       query=REVERSALS.name, totals=totals if rows else {},
                       empty="Nothing was taken back.")  # fmt: skip


def _money_back(view: MonthView) -> Table:
    columns = (
        Column("kind", "Kind", "code"), Column("currency", "Currency"),
        Column("reversals", "Reversals", "count"), Column("amount", "Amount", "bv"),
        Column("bv", "BV", "bv"), Column("without_ran", "without a RAN", "count"),
        Column("amount_without_ran", "Amount without a RAN", "bv"),
    )  # fmt: skip
    rows = view.rows(MONEY_BACK)
    is_one = len({row["currency"] for row in rows}) == 1
    names = ["reversals", "bv", "without_ran"]
    names += ["amount", "amount_without_ran"] if is_one else []
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table("money-back", "Money taken back, by kind and currency", columns, rows,
                       query=MONEY_BACK.name, totals=totals if rows else {},
                       note="A refund without a RAN names no known return of its order.",
                       empty="Nothing was taken back.")  # fmt: skip


def _moved(view: MonthView) -> Table:
    holder = Column("holder", "Member", "id")
    now = Column("bv_now", month_name(view.month.text), "bv")
    if len(view.months) == 1:
        return view.table("moved", "Largest net BV", (holder, now, Column("bv_now", kind="bar")),
                          MOVED_MOST, shown=20, csv="statements.csv",
                          note="The book opens with this month: there is none before it.",
                          empty="Nobody has BV this month.")  # fmt: skip
    columns = (
        holder, now, Column("change", "Change", "signed"),
        Column("bv_before", month_name(view.month.previous.text), "bv"),
        Column("bv_now", kind="bar", was="bv_before"),
    )  # fmt: skip
    return view.table("moved", "Net BV that moved most since the month before", columns,
                      MOVED_MOST, shown=20, csv="statements.csv",
                      note="The line leads from the month before, whose figures are in its own "
                           "statements.csv, to the dot, this month.",
                      empty="Everybody has the same net BV as the month before.")  # fmt: skip


def _largest(view: MonthView) -> Table:
    columns = (
        Column("posting_no", "No.", "count"), Column("order_id", "Order", "id"),
        Column("entry", "Entry", "code"), Column("source_id", "Source", "id"),
        Column("holder", "Member", "id"), Column("bv", "BV", "bv"),
        Column("event_date", "Date", "day"), Column("reason", "Reason", "code"),
    )  # fmt: skip
    return view.table("largest", "Largest entries", columns, LARGEST_ENTRIES, shown=20,
                      csv="bv_ledger.csv")  # fmt: skip


def _volumes(view: MonthView) -> Table:
    columns = (
        Column("member_id", "Member", "id"), Column("personal_bv", "Personal", "bv"),
        Column("group_bv", "Group", "bv"), Column("payline_bv", "Payline", "bv"),
        Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("volumes", "Largest groups", columns, VOLUMES, shown=20, csv="volume.csv")


def _commissions(view: MonthView) -> Table:
    columns = (
        Column("rate", "Rate", "rate"), Column("billings", "Billings", "count"),
        Column("amount", "Billed", "bv"), Column("tied", "with a consultant", "bv"),
        Column("untied", "without one", "bv"), Column("commission", "Commission", "bv"),
    )  # fmt: skip
    rows = view.rows(COMMISSIONS)
    names = ("billings", "amount", "tied", "untied", "commission")
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table(
        "commissions", f"Subscription commissions, {view.policy.company.currency}", columns, rows,
        csv="subscription_commissions.csv", query=COMMISSIONS.name, totals=totals if rows else {},
        empty="Nothing was billed this month.",
    )  # fmt: skip
