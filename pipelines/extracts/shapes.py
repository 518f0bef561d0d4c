"""A table of the book as the warehouse holds it: its kind, key, columns and dates.

Derived from the schema classes; the columns that loading adds are named here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.extracts.cell_rules import TYPES
from schemas.cells import Cell
from schemas.table import Table, cells_of, told_of
from schemas.tables import TABLES

# The date that decides an event's posting month (contract 2.1); other events do not post.
EVENT_DATES = {
    "orders": "ordered_on",
    "reversals": "reversed_on",
    "reassignments": "requested_on",
    "leads": "requested_on",
    "party_links": "linked_on",
    "billings": "billed_on",
    "payments": "paid_on",
}
# A cell that may come empty and is then worked out (contract 1, "A reversal without bv").
WORKED_OUT = {"reversals": "bv"}
# A bad cell in one of these is listed and the member stands without it (contract 1).
FORGIVEN_MEMBER_CELLS = ("email", "language", "sponsor_id", "enroller_id", "business_id")


@dataclass(frozen=True)
class Shape:
    """One table: `cells` are the contract's columns in its order; `sentence` says what it holds."""

    table: str
    kind: str
    sentence: str
    key: tuple[str, ...]
    cells: dict[str, Cell]

    @property
    def times(self) -> list[str]:
        """The columns that hold an instant; each has a business date beside it."""
        return [name for name, cell in self.cells.items() if cell.form == "time"]

    @property
    def worked_out(self) -> dict[str, str]:
        """The columns that are worked out where they came empty, each with the one that says so."""
        name = WORKED_OUT.get(self.table)
        return {name: f"is_{name}_worked_out"} if name else {}

    @property
    def staged(self) -> dict[str, str]:
        """Name and type of every column that the row stage makes."""
        columns: dict[str, str] = {}
        for name, cell in self.cells.items():
            columns[name] = TYPES.get(cell.form, "varchar")
            if cell.form == "time":
                columns[business_date_column(name)] = "date"
        columns |= dict.fromkeys(self.worked_out.values(), "boolean")
        if self.table in EVENT_DATES:
            columns["posting_month"] = "varchar"
        return columns

    @property
    def columns(self) -> dict[str, str]:
        """Name and type of every column in the warehouse, what loading adds included."""
        return self.staged | {"drop_month": "varchar", "file": "varchar", "line": "integer"}


def business_date_column(name: str) -> str:
    """The date column that stands beside a time column."""
    return name.removesuffix("_at") + "_on"


def _shape(model: type[Table]) -> Shape:
    told = told_of(model)
    sentence = " ".join((model.__doc__ or "").split())
    return Shape(told["table"], told["kind"], sentence, told["key"], cells_of(model))


# In the order of the reference stage: what is named comes before what names it.
SHAPES: dict[str, Shape] = {shape.table: shape for shape in map(_shape, TABLES)}
