"""Books of three months for tests of the close, and a home in which some of it is closed.

Belongs here: what several tests of failures, deaths and shared homes start from.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from small_book import POLICY, Row, drop, full_drop, row, write_book

# January flags M2, who has never ordered; February removes it.
STRICT = POLICY.replace("months = 3", "months = 1").replace('"2020-02"', '"2020-01"')
MEMBERS = [row("members"), row("members", member_id="M2", sponsor_id="M1")]


def order(number: int, day: str) -> Row:
    """An order of M1 on a day."""
    return row("orders", order_id=f"O{number}", ordered_at=f"{day}T12:00Z")


def write_three_months(folder: Path) -> Path:
    """A book of three months, in each of which something is flagged, removed or sold."""
    return write_book(
        folder,
        full_drop(members=MEMBERS),
        drop(members=MEMBERS, orders=[order(2, "2020-02-10")]),
        drop(members=MEMBERS, orders=[order(3, "2020-03-10")]),
        policy=STRICT,
    )


def months_published(home: Path) -> list[str]:
    """The months that the published warehouse has rows of."""
    con = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    try:
        found = con.execute("select close_month from book.closes order by 1").fetchall()
        return [month for (month,) in found]
    finally:
        con.close()
