"""The month's main figures: each one now, the month before, and over the months closed so far."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.reports.look.formats import (
    Number,
    amount,
    count,
    month_name,
    ratio,
    share,
    signed,
    signed_count,
)
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.findings import Check
from pipelines.reports.pages.month_view import MonthView, read_query


@dataclass(frozen=True)
class Question:
    """What a figure is called, and which page has more on it.

    A title may name {currency}, the company's. Its values are in the page's query of figures. Those
    of several months are added up where `is_added`: what happened in a month, not what stands at
    its end.
    """

    key: str
    title: str
    page: str
    kind: str
    is_added: bool = True


@dataclass(frozen=True)
class Figure:
    """A figure of the month with what it was before; `before` is None in the first month.

    `year_to_date` is None of what is not added up, `year_ago` where that month is not closed.
    """

    key: str
    title: str
    page: str
    kind: str
    value: Number
    before: Number | None
    values: list[Number]
    year_to_date: Number | None = None
    year_ago: Number | None = None

    def told_as(self, value: Number | None) -> str:
        """A value of this figure as it is written."""
        return "" if value is None else told_figure(self.kind, value)

    @property
    def told(self) -> str:
        """The value as it is written."""
        return self.told_as(self.value)

    @property
    def told_before(self) -> str:
        """The value of the month before as it is written."""
        return self.told_as(self.before)

    @property
    def change(self) -> str:
        """The change since the month before, with its share of what was before."""
        if self.before is None:
            return ""
        difference = Decimal(self.value) - self.before
        told = signed(difference) if self.kind == "bv" else signed_count(int(difference))
        part = ratio(difference, abs(Decimal(self.before)))
        return f"{told} ({'+' if difference > 0 else ''}{share(part)})" if part else told


def told_figure(kind: str, value: Number) -> str:
    """A figure of a kind as it is written: BV and money with two places, counts whole."""
    return amount(value) if kind == "bv" else count(int(value))


QUESTIONS = (
    Question("net", "Net BV", "finance", "bv"),
    Question("posted", "BV of orders posted", "finance", "bv"),
    Question("taken_back", "BV taken back", "finance", "bv"),
    Question("house", "BV credited to the house", "finance", "bv"),
    Question("members", "Members with an entry", "finance", "count", is_added=False),
    Question("commission", "Subscription commissions, {currency}", "customers", "bv"),
    Question("qualified", "Seats qualified", "referral", "count", is_added=False),
    Question("assigned", "Retail orders assigned", "referral", "count"),
    Question("unassigned", "Retail orders without a leader", "referral", "count"),
    Question("leads", "Leads assigned", "referral", "count"),
    Question("flagged", "Records flagged", "inactivity", "count", is_added=False),
    Question("removed", "Records removed", "inactivity", "count"),
    Question("still_present", "Removed before, still there", "inactivity", "count", is_added=False),
    Question("returns_new", "Returns with a new status", "returns", "count"),
    Question("returns_open", "Returns open at the end", "returns", "count", is_added=False),
    Question("differences", "Refunds not as due", "returns", "count", is_added=False),
    Question("unmatched", "Refunds without a RAN", "returns", "count"),
    Question("follow_ups", "Follow-up calls due", "returns", "count", is_added=False),
    Question("owned", "Customers with an owner", "customers", "count", is_added=False),
    Question("accounts", "Accounts", "onboarding", "count", is_added=False),
    Question("need_help", "Accounts that need help", "onboarding", "count", is_added=False),
    Question("rows", "Rows read", "quality", "count"),
    Question("quarantined", "Rows quarantined", "quality", "count"),
)


def month_figures(view: MonthView, pages: list[str]) -> list[Figure]:
    """The main figures of the pages that run."""
    found = {
        (row["figure"], row["month"]): row["value"]
        for page in pages
        for row in view.rows(read_query(f"figures/{page}"))
    }
    return [_figure(view, each, found) for each in QUESTIONS if each.page in pages]


def _figure(view: MonthView, question: Question, found: dict[tuple[str, str], Decimal]) -> Figure:
    values: list[Number] = [found.get((question.key, month.text)) or 0 for month in view.months]
    if question.kind == "count":
        values = [int(value) for value in values]
    before = values[-2] if len(values) > 1 else None
    by_month = dict(zip(view.months, values, strict=True))
    of_year = [value for month, value in by_month.items() if month.text >= view.year_first]
    return Figure(
        question.key, question.title.format(currency=view.policy.company.currency), question.page,
        question.kind, values[-1], before, values,
        year_to_date=sum(of_year) if question.is_added else None,
        year_ago=by_month.get(view.year_ago),
    )  # fmt: skip


def history(view: MonthView, figures: list[Figure]) -> Table | None:
    """Every figure by month, the newest first; None in the first month."""
    months = view.months[::-1]
    if len(months) < 2:
        return None
    rows = [
        {"figure": figure.title}
        | {month.text: figure.told_as(figure.values[-1 - at]) for at, month in enumerate(months)}
        for figure in figures
    ]
    columns = [Column("figure", "Figure", "id")]
    columns += [Column(month.text, month.text, "told") for month in months]
    return whole_table("history", "All figures by month", tuple(columns), rows)


def compared_with(view: MonthView) -> str:
    """The month that changes are told against; empty in the first one."""
    return month_name(view.month.previous.text) if len(view.months) > 1 else ""


def figures_data(view: MonthView, figures: list[Figure], checks: list[Check]) -> dict[str, Any]:
    """What the overview of all months reads back out of the month's page."""
    return {
        "month": view.month.text,
        "company": view.policy.company.name,
        "currency": view.policy.company.currency,
        "looks": sum(check.is_to_look_at for check in checks),
        "new_looks": sum(check.state == "new" for check in checks),
        "figures": {figure.key: str(figure.value) for figure in figures},
    }
