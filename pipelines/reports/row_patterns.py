"""Rows of a page, many and alike: a template renders each shape of row once, the rest is filled in.

Belongs here: how a pattern is taken from a template's macro and how a row's cells are put into it.
What a row looks like is said by the template alone. Two rows have the same shape when the same
cells are empty and the same codes stand in the columns that a template may ask about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

# A slot stands for a text that is filled in later, in characters that mean nothing to anybody.
SLOT = re.compile("\ue000([0-9]+)\ue001([0-9])\ue002")


class CellTexts(NamedTuple):
    """A cell as a template needs it, escaped: for machines (or the link that uses it), in short,
    and at length where that differs."""

    plain: str
    text: str
    long: str

    @property
    def href(self) -> str:
        """The link of a contact; empty when there is none."""
        return self.plain


Write = Callable[[Any], CellTexts]


class Column(NamedTuple):
    """A column of the rows: how its cells are written, and which of their properties a template may
    ask about (`shape`: None of an empty cell)."""

    name: str
    write: Write
    shape: Callable[[Any], object]
    is_code: bool


class RowPatterns:
    """The rows of one section in one language."""

    def __init__(self, macro: Callable[[Mapping[str, Any]], str], columns: list[Column]) -> None:
        """In: the template's macro for one row, which is given the cells by name, each None, a
        code or CellTexts; the columns in the order of the rows' cells."""
        self._macro = macro
        self._columns = columns
        self._patterns: dict[tuple[object, ...], Callable[[tuple[Any, ...]], str]] = {}

    def fill(self, rows: Iterable[tuple[Any, ...]]) -> Markup:
        """The rows as the template would render them, one after another."""
        shapes = [column.shape for column in self._columns]
        written = []
        for row in rows:
            shape = tuple([ask(cell) for ask, cell in zip(shapes, row, strict=True)])
            pattern = self._patterns.get(shape)
            if pattern is None:
                pattern = self._patterns[shape] = self._pattern(row)
            written.append(pattern(row))
        return Markup("".join(written))

    def _pattern(self, row: tuple[Any, ...]) -> Callable[[tuple[Any, ...]], str]:
        """What fills a row of the same shape as this one."""
        given = {
            column.name: _slot(column, position, cell)
            for position, (column, cell) in enumerate(zip(self._columns, row, strict=True))
        }
        pieces = SLOT.split(self._macro(given))
        form = "%s".join(piece.replace("%", "%%") for piece in pieces[::3])
        slots = list(zip(map(int, pieces[1::3]), map(int, pieces[2::3]), strict=True))
        used = sorted({position for position, _ in slots})
        writes = [(position, self._columns[position].write) for position in used]
        places = [3 * used.index(position) + part for position, part in slots]
        return _filler(form, writes, places)


def _slot(column: Column, position: int, cell: Any) -> object:
    """What the macro is given for a cell: a code as it is, else a slot for each of its texts."""
    if cell is None or column.is_code:
        return cell
    plain, text, long = (Markup(f"\ue000{position}\ue001{part}\ue002") for part in range(3))
    return CellTexts(plain if column.shape(cell) else Markup(""), text, long)


def _filler(
    form: str, writes: list[tuple[int, Write]], places: list[int]
) -> Callable[[tuple[Any, ...]], str]:
    def fill(row: tuple[Any, ...]) -> str:
        texts: list[str] = []
        for position, write in writes:
            texts += write(row[position])
        return form % tuple([texts[place] for place in places])

    return fill
