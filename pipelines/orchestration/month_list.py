"""Which months there are: from the opening month to the newest drop, and every closed one.

Belongs here: the months as Dagster's partitions, and how they are kept in step with the book.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipelines.book.drops import list_drops
from pipelines.book.policy import read_policy
from pipelines.closing.home import Home
from pipelines.months import Month, months_between
from pipelines.orchestration.keys import MONTHS

NAME = MONTHS.name or ""


def list_months(book: Path, home: Home) -> list[Month]:
    """The months to be closed, and those that are; Stop when the policy cannot be read."""
    opening = read_policy(book / "policy.toml").company.opening_month
    try:
        drops = [month for month in list_drops(book) if month >= opening]
    except OSError:  # the book is being moved, say: what is known stays
        drops = []
    last = max([*drops, *home.sealed_months()], default=None)
    return months_between(opening, last) if last is not None else []


def keep_months(instance: dg.DagsterInstance, book: Path, home: Home) -> list[Month]:
    """Have Dagster know exactly the months there are; out: those that are new to it.

    One that somebody has added by hand, or whose drop is gone, is taken away unless it was made.
    """
    wanted = [month.text for month in list_months(book, home)]
    known = instance.get_dynamic_partitions(NAME)
    new = [text for text in wanted if text not in known]
    if new:
        instance.add_dynamic_partitions(NAME, new)
    for text in sorted(set(known) - set(wanted)):
        instance.delete_dynamic_partition(NAME, text)
    return [Month(text) for text in new]
