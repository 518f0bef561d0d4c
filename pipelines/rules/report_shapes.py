"""A report as its table holds it: its name, key and columns, derived from the schema classes.

Belongs here: which report a table is printed as, and the engine's types. What a column means and
may hold is declared in `schemas/reports`.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.cells import Cell
from schemas.printed import REPORTS
from schemas.table import Table, cells_of, told_of

# A sum's decimal may be wider: `is_of_type`.
TYPES = {
    "date": "DATE", "time": "TIMESTAMP", "decimal": "DECIMAL(18,2)", "rate": "DECIMAL(18,4)",
    "int": "INTEGER", "bool": "BOOLEAN",
}  # fmt: skip
# The forms of letters, digits and -._ alone.
PLAIN = ("id", "country", "language", "currency", "month", "code")


@dataclass(frozen=True)
class ReportShape:
    """One report: `cells` are its CSV's columns in their order; `sentence` says what a row is.

    `each` is the table's column, not printed, by which its rows are dealt out to leaders' files.
    """

    name: str
    sentence: str
    key: tuple[str, ...]
    each: str | None
    cells: dict[str, Cell]

    @property
    def programme(self) -> str:
        """The folder that it is printed in."""
        return self.name.split("/")[0]

    @property
    def table(self) -> str:
        """The table of the warehouse that has its rows."""
        return self.name.replace("/", ".")

    @property
    def path(self) -> str:
        """The CSV file within the reports of a month."""
        folder, name = self.name.split("/")
        return f"{folder}/<member_id>/{name}.csv" if self.each else f"{folder}/{name}.csv"

    @property
    def grain(self) -> tuple[str, ...]:
        """What no two rows of its table have in common."""
        return (self.each, *self.key) if self.each and self.key else self.key

    @property
    def columns(self) -> dict[str, str]:
        """Name and type, in the engine's words, of every printed column."""
        return {name: TYPES.get(cell.form, "VARCHAR") for name, cell in self.cells.items()}

    @property
    def free_columns(self) -> frozenset[str]:
        """The columns with text that a spreadsheet could run."""
        return frozenset(name for name, cell in self.cells.items() if cell.is_free)

    @property
    def plain_columns(self) -> frozenset[str]:
        """The columns of which each cell, once it is held to its form, is a word or an id: nothing
        in it has to be escaped anywhere."""
        return frozenset(name for name, cell in self.cells.items() if cell.form in PLAIN)


def is_of_type(kind: str, declared: str) -> bool:
    """Whether a type of the engine is a declared one: of decimals the places count, not the width.

    Both are written as `ReportShape.columns` has them.
    """
    if not declared.startswith("DECIMAL"):
        return kind == declared
    return kind.startswith("DECIMAL(") and kind.split(",")[-1] == declared.split(",")[-1]


def _shape(model: type[Table]) -> ReportShape:
    told = told_of(model)
    sentence = " ".join((model.__doc__ or "").split())
    return ReportShape(told["report"], sentence, told["key"], told["each"], cells_of(model))


# By table, in the order of contract 3.
REPORT_SHAPES: dict[str, ReportShape] = {shape.table: shape for shape in map(_shape, REPORTS)}
QUARANTINE = REPORT_SHAPES["quality.quarantine"]
