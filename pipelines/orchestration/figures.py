"""The figures of a table's month, as numbers that Dagster plots over the months.

Belongs here: which figures a table has, as SQL over its rows of a month. Nothing is summed that is
not of one kind: words are counted one by one, amounts summed by currency, lines never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.orchestration.looked import Looked
from pipelines.rules.models import Model, rows_of
from pipelines.rules.report_shapes import REPORT_SHAPES

Figure = int | float
Figures = dict[str, Figure]

# Rows counted by a column's word, those that nobody has too.
COUNTED = {
    "referral.assignments": "outcome", "referral.leads": "outcome",
    "referral.reassignments": "decision", "returns.decisions": "status",
    "returns.follow_ups": "task", "customers.owners": "basis", "customers.subscriptions": "status",
    "onboarding.accounts": "stage", "inactivity.notices": "role",
}  # fmt: skip
# A column summed by another's word: of the reconciliation each line is a figure of its own.
SUMMED_BY = {
    "finance.reconciliation": ("line", "bv", "{word}"),
    "finance.bv_ledger": ("entry", "bv", "BV of {word}"),
    "finance.sales": ("channel", "net_bv", "net BV of {word}"),
    "referral.assignments": ("outcome", "bv", "BV {word}"),
}
# Figures of the whole month, each of one kind.
WHOLE = {
    "referral.qualification": {
        "seats qualified": "count(*) filter (where qualified)",
        "seats barred": "count(*) filter (where barred)",
    },
    "finance.statements": {
        "credits": "sum(credits)", "transfers": "sum(transfers)", "reversals": "sum(reversals)",
        "net BV": "sum(net_bv)",
    },
    "finance.volume": {"personal BV": "sum(personal_bv)"},
    "finance.subscription_commissions": {"commission": "sum(commission)"},
    "inactivity.flagged": {
        "flagged": "count(*)", "newly flagged": "count(*) filter (where new)",
    },
    "inactivity.removed": {"removed": "count(*)"},
    "inactivity.compression": {"moved up": "count(*)", "most levels moved up": "max(levels_up)"},
    "customers.value": {"customers": "sum(customers)", "net BV": "sum(net_bv)"},
    "onboarding.accounts": {"balance": "sum(balance)", "overdue": "sum(overdue)"},
}  # fmt: skip


def as_number(value: Any) -> Figure:
    """A figure as Dagster plots it: a whole number, else the nearest that a computer counts with.

    The exact figures are in the reports.
    """
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    return 0 if value is None else value if isinstance(value, float) else int(value)


def in_words(word: str) -> str:
    """A word of a report as it reads in a figure's name."""
    return word.replace("_", " ")


def model_figures(looked: Looked, model: Model) -> Figures:
    """The figures of a table's month, whose rows must be there."""
    rows = rows_of(model, looked.month.text)
    figures: Figures = {}
    table = model.table
    if table in COUNTED:
        column = COUNTED[table]
        found = dict(looked.rows(f"select {column}, count(*) from {rows} group by {column}"))
        figures |= {in_words(word): found.get(word, 0) for word in _words(table, column)}
    if table in SUMMED_BY:
        column, summed, name = SUMMED_BY[table]
        query = f"select {column}, sum({summed}) from {rows} group by {column}"
        found = dict(looked.rows(query))
        figures |= {
            name.format(word=in_words(word)): as_number(found.get(word))
            for word in _words(table, column)
        }
    if table in WHOLE:
        names = [*WHOLE[table]]
        [values] = looked.rows(f"select {', '.join(WHOLE[table].values())} from {rows}")
        figures |= dict(zip(names, map(as_number, values), strict=True))
    return figures


def _words(table: str, column: str) -> Sequence[str]:
    """The words that a report's column may hold, so that a month without one has a nought."""
    return REPORT_SHAPES[table].cells[column].allowed


def count_rows(looked: Looked, model: Model) -> int:
    """How many rows a table's month has, which must be there."""
    [(count,)] = looked.rows(f"select count(*) from {rows_of(model, looked.month.text)}")
    return int(count)


def extract_figures(looked: Looked, shape: Shape) -> Figures:
    """The figures of what a month's drop brought of one table: amounts by currency, and BV."""
    columns = shape.columns
    figures: Figures = {}
    rows = f"drops.{shape.table} as brought"
    month = f"brought.drop_month = '{looked.month}'"
    if "amount" in columns:
        currency, joined = _currency(shape, looked.policy.company.currency)
        found = looked.rows(
            f"select {currency} as currency, sum(brought.amount) from {rows} {joined} "
            f"where {month} group by all order by all"
        )
        figures |= {f"amount {name}": as_number(total) for name, total in found}
    if "bv" in columns:
        [(total,)] = looked.rows(f"select sum(bv) from {rows} where {month}")
        figures["BV"] = as_number(total)
    return figures


def _currency(shape: Shape, company: str) -> tuple[str, str]:
    """SQL for the currency of a table's amounts: its own, its order's, or the company's."""
    if "currency" in shape.columns:
        return "coalesce(brought.currency, 'without currency')", ""
    if "order_id" in shape.columns and "currency" in SHAPES["orders"].columns:
        joined = "left join drops.orders as placed on placed.order_id = brought.order_id"
        return "coalesce(placed.currency, 'without currency')", joined
    return f"'{company}'", ""
