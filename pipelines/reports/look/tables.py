"""A table on a page: its columns, its first rows, and where all of them are.

Belongs here: the value that the macro `table` draws. What is in it is said by the page that asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
# An id as extracts have it; what is none, such as "the house", has no story.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
# The kind of story that a column's ids lead to, and the column with the id that it is told of: a
# RAN's is its order's, an account's its partner's.
STORIES = {
    name: ("member", name)
    for name in (
        "member_id", "sponsor_id", "owner_id", "previous_owner_id", "consultant_id", "leader_id",
        "partner_id", "representative_id", "holder", "member", "credit_member_id",
        "from_member_id", "to_member_id",
    )
} | {
    "order_id": ("order", "order_id"), "last_order_id": ("order", "last_order_id"),
    "ran_id": ("order", "order_id"), "reversal_id": ("order", "order_id"),
    "source_id": ("order", "order_id"), "account_id": ("member", "partner_id"),
    "party_id": ("member", "consultant_id"), "seat_id": ("seat", "seat_id"),
}  # fmt: skip
NUMBERS = ("bv", "signed", "count", "change", "share", "rate")
CSS = {
    "id": "id", "day": "day", "instant": "day", "month": "day", "tick": "mid", "text": "",
    "long": "long", "raw": "long", "code": "", "told": "num", "sign": "mid", "digest": "digest",
} | dict.fromkeys(NUMBERS, "num")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: the row's key, the title above it, and how its values are written.

    Kinds: text, long, id, code (with its meaning), country and language (with their names), raw,
    digest, file (a report, with the way to it), told (a figure that is written already); bv,
    signed, count, change, share, rate; day, instant, month; tick (so or not), sign (a tick where it
    is so); mark; bar (a drawing of the column `name`, or of the way to it from the column `was`).

    Ids lead to their stories, as STORIES says.
    """

    name: str
    title: str = ""
    kind: str = "text"
    was: str | None = None

    @property
    def css(self) -> str:
        """The classes of its cells."""
        return CSS.get(self.kind, "")

    @property
    def is_sorted_by_value(self) -> bool:
        """Whether its cells are sorted by their value and not by what they show."""
        return self.kind in NUMBERS or self.kind in ("day", "instant", "month", "tick", "sign")

    def story_path(self, row: Row) -> str:
        """Where the story of a row's id is told, below `explain/`; empty where it has none."""
        kind, told_of = STORIES.get(self.name, ("", ""))
        id = row.get(told_of) if self.kind == "id" and row[self.name] else None
        return f"{kind}/{id}" if isinstance(id, str) and ID.fullmatch(id) else ""


@dataclass(frozen=True)
class Table:
    """A table as shown: the first rows of `total`, the CSV that has them all, and the query.

    `query` is the name of the query that selects or sums what is shown.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[Row]
    total: int
    csv: str = ""
    query: str = ""
    note: str = ""
    empty: str = ""
    totals: Row = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.total > len(self.rows)

    def most(self, name: str) -> Any:
        """The greatest value that a bar of this column has to show."""
        return max((0, *self._values(name)))

    def least(self, name: str) -> Any:
        """The smallest, 0 unless one is negative."""
        return min((0, *self._values(name)))

    def _values(self, name: str) -> list[Any]:
        compared = [column.was for column in self.columns if column.name == name and column.was]
        names = [name, *compared]
        return [row[key] for row in self.rows for key in names if row[key] is not None]


def whole_table(
    id: str, caption: str, columns: tuple[Column, ...], rows: list[Row], **told: Any
) -> Table:
    """A table that shows all its rows."""
    return Table(id, caption, columns, rows, len(rows), **told)
