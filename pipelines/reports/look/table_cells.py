"""The cells of pages' tables, many and alike: each kind is drawn once, the rest is filled in.

The template is given a stand-in for the value. Where it writes that, as it is or by a filter, it
leaves a slot; what comes there is the value by the same filter. How a cell looks and how its value
is written is said by the template alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from pipelines.reports.look.formats import FILTERS, visible
from pipelines.reports.look.tables import Column, Row, Table

# Kinds that a template draws by the value itself: few different ones, each drawn once.
DRAWN_BY_VALUE = ("tick", "sign", "mark", "code", "country", "language")
# Those that look the same whatever the value is.
ALIKE = (
    "bv", "signed", "count", "change", "share", "rate", "day", "instant", "month", "text", "long",
    "id", "raw", "digest", "told",
)  # fmt: skip
SLOT = re.compile("\ue000([a-z_]+)\ue001")
# What is filled in without a filter: the value as it is, a date as machines write it, the way to a
# story.
ITSELF, ISO, STORY = "itself", "iso", "story"
Write = Callable[..., Any]
Macro = Callable[..., str]
Pattern = tuple[tuple[str, ...], tuple[tuple[bool, Write], ...]]


def _slot(name: str) -> Markup:
    return Markup(f"\ue000{name}\ue001")


class StandIn:
    """What a template is given for a value that comes later."""

    def __html__(self) -> Markup:
        return _slot(ITSELF)

    def isoformat(self) -> Markup:
        """A date as machines write it."""
        return _slot(ISO)


def _through(name: str, write: Write) -> Write:
    def filter(value: Any, *more: Any) -> Any:
        return _slot(name) if isinstance(value, StandIn) else write(value, *more)

    return filter


# The filters as templates have them: of a stand-in each gives its own slot.
SLOT_FILTERS: dict[str, Write] = {name: _through(name, write) for name, write in FILTERS.items()}
WAYS: dict[str, Write] = {
    ITSELF: lambda value: value, ISO: lambda value: value.isoformat(), STORY: lambda path: path,
} | FILTERS  # fmt: skip


class TableCells:
    """The cells drawn so far: of each kind empty or not, in a row's first place or not, and with
    the way to the stories where one is told of it."""

    def __init__(self) -> None:
        self._patterns: dict[object, Pattern] = {}

    def fill(self, shown: Table, cell: Macro, bar_cell: Macro, story_root: str) -> Markup:
        """The rows of a table as the template would draw them.

        In: the macros that draw a cell and a bar, and the way to the stories, empty where none are
        told.
        """
        written: list[str] = []
        bars = [column.name for column in shown.columns if column.kind == "bar"]
        scales = {name: (shown.most(name), shown.least(name)) for name in bars}
        for row in shown.rows:
            written.append("<tr>")
            for at, column in enumerate(shown.columns):
                if column.kind == "bar":
                    written.append(bar_cell(column, row, *scales[column.name]))
                else:
                    self._fill_cell(written, cell, column, row, at == 0, story_root)
            written.append("</tr>\n")
        return Markup("".join(written))

    def _fill_cell(
        self, written: list[str], cell: Macro, column: Column, row: Row, is_first: bool, root: str
    ) -> None:
        kind, value = column.kind, row[column.name]
        story = column.story_path(row) if root and kind == "id" else ""
        if kind in ALIKE:
            shown: Any = None if value is None else STAND_IN
        elif kind in DRAWN_BY_VALUE:
            shown = value
        else:
            written.append(cell(column, value, story, is_first))
            return
        key = (kind, is_first, type(shown), shown, root if story else "")
        pattern = self._patterns.get(key)
        if pattern is None:
            drawn = str(cell(column, shown, _slot(STORY) if story else "", is_first))
            # What a value says is no slot, whatever is in it.
            pattern = _pattern(drawn) if kind in ALIKE else ((drawn,), ())
            self._patterns[key] = pattern
        texts, slots = pattern
        for text, (is_story, write) in zip(texts, slots, strict=False):
            written += text, str(escape(visible(write(story if is_story else value))))
        written.append(texts[-1])


STAND_IN = StandIn()


def _pattern(drawn: str) -> Pattern:
    found = SLOT.split(drawn)
    return tuple(found[::2]), tuple((name == STORY, WAYS[name]) for name in found[1::2])
