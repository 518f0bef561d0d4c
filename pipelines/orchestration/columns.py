"""A table's columns as Dagster shows them: type, meaning and whether a cell may be empty."""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from schemas.cells import Cell
from schemas.words import meaning_in_words

# The columns that a table of the warehouse has besides those that are declared.
ADDED = {
    "close_month": "The month whose close made the row.",
    "drop_month": "The month of the drop that the row came in.",
    "file": "The name of the file that the row came in.",
    "line": "The row's line in that file.",
    "posting_month": "The month that the row posts in; empty for history.",
}


def column_schema(columns: Mapping[str, str], cells: Mapping[str, Cell]) -> dg.TableSchema:
    """The columns of a table. In: their types by name, and what is declared of some of them."""
    return dg.TableSchema([_column(name, kind, cells.get(name)) for name, kind in columns.items()])


def _column(name: str, kind: str, cell: Cell | None) -> dg.TableColumn:
    if cell is None:
        return dg.TableColumn(name, kind, description=ADDED.get(name))
    constraints = dg.TableColumnConstraints(nullable=not cell.required)
    return dg.TableColumn(name, kind, meaning_in_words(cell), constraints)
