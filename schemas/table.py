"""A table's class: its columns in order, each with its `Cell`, and what is told of the whole.

Belongs here: what such a class is, and how its columns are read out of it. `rows` and `report_rows`
make pandera's schemas of it where frames are checked: a close generates SQL from the same classes
and never loads pandera, which takes 0.3 seconds.
"""

from __future__ import annotations

from typing import Any

from schemas.cells import Cell


class TableConfig:
    """What is told of a whole table: see `described` and `reported`."""

    metadata: dict[str, Any]


class Table:
    """The base of every table's class: an annotated column is a `Cell`, in the contract's order."""

    Config: type = TableConfig


def cells_of(model: type[Table]) -> dict[str, Cell]:
    """The columns of a table's class, by name, in the contract's order; those it inherits first."""
    return {
        name: cell
        for each in reversed(model.__mro__)
        for name, cell in vars(each).items()
        if isinstance(cell, Cell)
    }


def told_of(model: type[Table]) -> dict[str, Any]:
    """What is told of a table: its name, its key and what else `described` or `reported` say."""
    told: dict[str, Any] = model.Config.metadata  # type: ignore[attr-defined]
    return told
