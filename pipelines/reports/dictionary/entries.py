"""The dictionary's entries: one a table of the book, one a report, with its columns in words.

Belongs here: what is told of a table. How it is laid out is said by the terminal, the page in a
month's reports and the page in docs.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from pipelines.book.drop_files import ENDINGS
from pipelines.book.drops import REQUIRED_TABLES
from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.rules.report_shapes import REPORT_SHAPES, ReportShape
from pipelines.stop import Stop
from schemas.cells import Cell
from schemas.words import READ, WRITTEN, meaning_in_words, type_in_words


@dataclass(frozen=True)
class Entry:
    """One table of the book or one report: `about` says its kind, file and key."""

    name: str
    about: str
    sentence: str
    cells: dict[str, Cell]
    is_report: bool

    @property
    def forms(self) -> dict[str, str]:
        """What the forms of its columns look like, by name."""
        used = {cell.form for cell in self.cells.values()}
        words = WRITTEN if self.is_report else READ
        return {form: told for form, told in words.items() if form in used}

    @property
    def columns(self) -> list[tuple[str, bool, str, str]]:
        """Name, whether it is always there, type and meaning of each column."""
        return [
            (name, cell.required, type_in_words(cell), meaning_in_words(cell))
            for name, cell in self.cells.items()
        ]


def extract_entry(shape: Shape) -> Entry:
    """What is told of a table of the book."""
    needed = "; required in every drop" if shape.table in REQUIRED_TABLES else ""
    about = f"{shape.kind}, key {', '.join(shape.key)}{needed}"
    return Entry(shape.table, about, shape.sentence, shape.cells, is_report=False)


def report_entry(shape: ReportShape) -> Entry:
    """What is told of a report."""
    about = f"key {', '.join(shape.key)}" if shape.key else "no key"
    return Entry(shape.name, about, shape.sentence, shape.cells, is_report=True)


def extract_entries() -> list[Entry]:
    """The tables of the book, in the order they are loaded."""
    return [extract_entry(shape) for shape in SHAPES.values()]


def report_entries() -> list[Entry]:
    """The reports of a month, in the contract's order."""
    return [report_entry(shape) for shape in REPORT_SHAPES.values()]


def find_entry(name: str) -> Entry:
    """The entry of a table (`orders`) or report (`referral/assignments`), with a suffix or without.

    Stop, with the nearest name, when there is none.
    """
    bare = name
    for suffix in sorted(ENDINGS, key=len, reverse=True):
        bare = bare.removesuffix(suffix)
    entries = {entry.name: entry for entry in (*extract_entries(), *report_entries())}
    found = entries.get(bare) or entries.get(bare.replace(".", "/"))
    if found is not None:
        return found
    same = [each for each in entries if each.split("/")[-1] == bare.lower()]
    close = same or difflib.get_close_matches(bare.lower(), entries, cutoff=0.5)
    told = f"did you mean {close[0]!r}?" if close else "upline describe lists them"
    raise Stop(f"{name!r} is no table of a book and no report: {told}")
