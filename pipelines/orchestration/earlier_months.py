"""A month against the last three closed ones: far from them, it is worth a look.

Belongs here: which figures are compared, and what is far. It is a warning and stops nothing.
"""

from __future__ import annotations

from typing import Any

from pipelines.orchestration.figures import as_number
from pipelines.orchestration.looked import Looked

NEAR = "near_the_last_three_months"
MONTHS_BEFORE = 3
# How far from the mean a figure may be, as a share of the mean.
FAR = 0.5
# Of each table its figures by month, the columns after the month in this order.
QUERIES = {
    "extracts.orders": (("orders", "BV"), """
        select posting_month, count(*), sum(bv) from drops.orders
        where posting_month is not null group by posting_month
    """),
    "extracts.members": (("members",), """
        select drop_month, sum(loaded) from quality.loads
        where "table" = 'members' group by drop_month
    """),
    "referral.qualification": (("seats qualified",), """
        select close_month, count(*) filter (where qualified) from referral.qualification
        group by close_month
    """),
}  # fmt: skip


def is_compared(table: str) -> bool:
    """Whether a table's month is compared with earlier ones."""
    return table in QUERIES


def compare_months(looked: Looked, table: str) -> tuple[bool, dict[str, Any]]:
    """Whether a table's month is near the mean of the last three, and the figures of both."""
    names, query = QUERIES[table]
    found = {month: figures for month, *figures in looked.rows(query)}
    month = looked.month
    now = found.get(month.text, [0] * len(names))
    before = []
    for _ in range(MONTHS_BEFORE):
        month = month.previous
        before += [found[month.text]] if month.text in found else []
    told: dict[str, Any] = {"months compared with": len(before)}
    is_near = True
    for place, name in enumerate(names):
        figure = as_number(now[place])
        told[name] = figure
        if before:
            mean = float(sum(as_number(each[place]) for each in before)) / len(before)
            told[f"mean of {name} before"] = mean
            is_near &= abs(figure - mean) <= FAR * abs(mean)
    return is_near, told
