"""The vendor's cells in contract 1's form, as SQL: values, then marks and formats (contract 5).

Belongs here: what a mapping makes of one cell. The engine does it while it reads; nothing is kept.
"""

from __future__ import annotations

import re

from pipelines.book.mapping import TableMapping
from pipelines.book.mapping_sections import EMPTY, OTHERS
from pipelines.engines.duck import literal, quoted
from pipelines.extracts.date_cells import date_text
from schemas.cells import Cell

# A text that no date, time or number has: it stands for a cell of another form than the mapping's.
MISFIT = "'?'"


def by_value_column(name: str) -> str:
    """The column that says which cells of another are values, and no text with a form."""
    return f"{name} by value"


def our_cell(name: str, cell: Cell, mapping: TableMapping, by_value: bool, misfit: str) -> str:
    """SQL for a column's cell in contract 1's form.

    In: the column, whether there is one beside it that says which cells are values, and SQL for a
    cell that has not the mapping's form.
    """
    if name in mapping.constants:
        return f"cast({_literal(mapping.constants[name])} as varchar)"
    formed = _formed(name, cell, mapping, misfit)
    if formed != name and by_value:
        formed = f"case when {quoted(by_value_column(name))} then {name} else {formed} end"
    values = mapping.values.get(name, {})
    if not values:
        return formed
    whens = [
        f"when {name} is null then {_literal(ours)}" if theirs == EMPTY
        else f"when {name} = {literal(theirs)} then {_literal(ours)}"
        for theirs, ours in values.items()
        if theirs != OTHERS
    ]  # fmt: skip
    other = _literal(values[OTHERS]) if OTHERS in values else formed
    return f"case {' '.join(whens)} else {other} end" if whens else other


def _literal(text: str) -> str:
    return literal(text) if text else "null"


def _formed(name: str, cell: Cell, mapping: TableMapping, misfit: str) -> str:
    read = None
    if name in mapping.formats:
        read = date_text(name, mapping.formats[name], cell.form == "date")
    elif mapping.decimal is not None and cell.form == "decimal":
        read = number_text(name, mapping.decimal, mapping.thousands)
    if read is None:
        return name
    return f"case when {name} is not null then coalesce({read}, {misfit}) end"


def number_text(cell: str, decimal: str, thousands: str) -> str:
    """SQL for a number with these marks in contract 1's form, null where it has another form."""
    whole = "[0-9]+"
    if thousands:
        whole += f"|[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})+"
    plain = f"replace({cell}, {literal(thousands)}, '')" if thousands else cell
    if decimal != ".":
        plain = f"replace({plain}, {literal(decimal)}, '.')"
    pattern = f"-?({whole})({re.escape(decimal)}[0-9]+)?"
    return f"case when regexp_full_match({cell}, {literal(pattern)}) then {plain} end"
