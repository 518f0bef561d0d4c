"""Parts of pages, many and alike: a template renders each shape once, the rest is filled in.

Belongs here: how a pattern is taken from a template's macro and how cells are put into it. What a
part looks like is said by the template alone. Two parts have the same shape when the same cells are
empty and the same codes stand in the columns that a template may ask about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from markupsafe import Markup

# A slot stands for a text that is filled in later, in characters that mean nothing to anybody.
SLOT = re.compile("\ue000([0-9]+)\ue001([0-9])\ue002")
Write = Callable[[Any], str]
# What a template may know of a cell before it is filled in.
Ask = Callable[[Any], object]
# For machines, in short, at length.
Ways = tuple[Write | None, Write | None, Write | None]


class Kind(NamedTuple):
    """How the cells of a column are written, escaped: for machines (or the link that uses it), in
    short, and at length where that differs. None writes a cell as it is.

    A template is given a code as it is, and may ask what it is. `ask` says what else of a cell the
    shape depends on: one of which it is true is written in the ways of `asked`, one of which it is
    false has no `plain` unless there is a way for it. `form` is the number that stands for a cell's
    where words go by it; the shape depends on it too.
    """

    plain: Write | None = None
    text: Write | None = None
    long: Write | None = None
    ask: Ask | None = None
    asked: Ways = (None, None, None)
    is_code: bool = False
    form: Callable[[Any], int] | None = None

    def ways(self, cell: Any) -> Ways:
        """The ways of writing a cell, in the order of Slots."""
        is_asked = self.ask is not None and cell is not None and self.ask(cell)
        return self.asked if is_asked else (self.plain, self.text, self.long)

    def has_plain(self, cell: Any) -> bool:
        """Whether a template may use what a cell is for machines."""
        return self.ask is None or self.plain is not None or bool(self.ask(cell))


class Slots(NamedTuple):
    """A cell as a template is given it."""

    plain: Markup
    text: Markup
    long: Markup
    form: int | None = None

    @property
    def href(self) -> Markup:
        """The link of a contact; empty when there is none."""
        return self.plain


Columns = Mapping[str, Kind]
Macro = Callable[[Mapping[str, Any]], str]


class Patterns:
    """One kind of part in one language: its macro, and a pattern for each shape seen so far."""

    def __init__(self, macro: Macro, columns: Columns, told: str | None = None) -> None:
        """In: the template's macro, which is given the cells by name, each None, a code or Slots;
        the columns in the order of the cells; the one that tells a row's shape, where one does."""
        self._macro = macro
        self._columns = columns
        kinds = list(enumerate(columns.values()))
        codes = [place for place, kind in kinds if kind.is_code]
        self._codes: Callable[[Sequence[Any]], object] = itemgetter(*codes) if codes else len
        self._asks = [(place, kind.ask) for place, kind in kinds if kind.ask]
        self._forms = [(place, kind.form) for place, kind in kinds if kind.form]
        self._shape_of = itemgetter([*columns].index(told)) if told else self.shape
        self._patterns: dict[object, _Pattern] = {}

    def shape(self, row: Sequence[Any]) -> object:
        """What the pattern of a row depends on: of two with the same shape it is the same."""
        # The types tell which cells are empty.
        shape: tuple[object, ...] = (
            *map(type, row),
            self._codes(row),
            *[not ask(row[place]) for place, ask in self._asks if row[place] is not None],
        )
        if not self._forms:
            return shape
        return (*shape, *[form(row[at]) for at, form in self._forms if row[at] is not None])

    def fill(self, rows: Iterable[Sequence[Any]]) -> str:
        """The parts as the template would render them, one after another."""
        return "".join(self.pieces(rows))

    def pieces(self, rows: Iterable[Sequence[Any]]) -> list[str]:
        """The same in pieces: of a part's, every second is filled in, the others are its own."""
        patterns, shape_of = self._patterns, self._shape_of
        written: list[str] = []
        for row in rows:
            shape = shape_of(row)
            pattern = patterns.get(shape)
            if pattern is None:
                pattern = patterns[shape] = self._pattern(row)
            pieces, slots = pattern
            for place, position, write in slots:
                cell = row[position]
                pieces[place] = cell if write is None else write(cell)
            written += pieces
        return written

    def _pattern(self, row: Sequence[Any]) -> _Pattern:
        """What is filled in for a row of the same shape as this one."""
        cells = enumerate(zip(self._columns.items(), row, strict=True))
        given = {name: _slots(kind, place, cell) for place, ((name, kind), cell) in cells}
        found = SLOT.split(str(self._macro(given)))
        pieces = [""] * (2 * len(found[::3]) - 1)
        pieces[::2] = found[::3]
        kinds = list(self._columns.values())
        slots = [
            (2 * number + 1, int(position), kinds[int(position)].ways(row[int(position)])[int(way)])
            for number, (position, way) in enumerate(zip(found[1::3], found[2::3], strict=True))
        ]
        return pieces, slots


# The texts, of which every second is a slot's, and the slots: which text, of which cell, how.
_Pattern = tuple[list[str], list[tuple[int, int, Write | None]]]


def _slots(kind: Kind, position: int, cell: Any) -> object:
    """What the macro is given for a cell: a code as it is, else a slot for each way of writing."""
    if cell is None or kind.is_code:
        return cell
    plain, text, long = (Markup(f"\ue000{position}\ue001{way}\ue002") for way in range(3))
    form = kind.form(cell) if kind.form else None
    return Slots(plain if kind.has_plain(cell) else Markup(""), text, long, form)
