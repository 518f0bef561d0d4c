"""A table on a page: its columns, its first rows, and where all of them are.

Belongs here: the value that the macro `table` draws. What is in it is said by the page that asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
NUMBERS = ("bv", "signed", "count", "change", "share", "rate")
CSS = {
    "id": "id", "day": "day", "instant": "day", "month": "day", "tick": "mid", "text": "",
    "long": "long", "raw": "long", "code": "", "told": "num", "sign": "mid", "digest": "digest",
} | dict.fromkeys(NUMBERS, "num")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: the row's key, the title above it, and how its values are written.

    Kinds: text, long, id, code (with its meaning), country and language (with their names), raw,
    digest, told (a figure that is written already); bv, signed, count, change, share, rate; day,
    instant, month; tick (so or not), sign (a tick where it is so); mark; bar (a drawing of the
    column `name`, beside a hatched one of the column `was`).
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


@dataclass(frozen=True)
class Table:
    """A table as shown: the first rows of `total`, and the CSV that has them all."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: list[Row]
    total: int
    csv: str = ""
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
