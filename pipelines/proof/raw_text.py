"""Facts with the text of the drop's file, as it stands there; nothing of who has opted out.

Belongs here: when a text may be shown. A text is given only while the file is the one that was
sealed, and of a customer who has opted out of contact nothing that could be personal is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.csv_reading import read_csv_header
from pipelines.extracts.raw_records import is_text, read_raw_records
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.facts import is_sealed
from pipelines.proof.story import Fact
from pipelines.reports.pages.quality import personal_tables


def form_of(looked: Looked, month: Month, file: str) -> FileForm:
    """How a drop's file is read."""
    return PLAIN


def add_raw_text(looked: Looked, facts: Iterable[Fact]) -> list[Fact]:
    """The facts, each with its record's text, or why there is none (contract 4, `raw_is`)."""
    by_file: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_file[fact.drop, fact.file].append(fact)
    return [
        each
        for (drop, file), of_file in by_file.items()
        for each in _with_text(looked, Month(drop), file, of_file)
    ]


def _with_text(looked: Looked, month: Month, file: str, facts: list[Fact]) -> list[Fact]:
    path = looked.book_folder / month.text / file
    if not path.is_file():
        return [replace(fact, raw_is="missing") for fact in facts]
    if not is_sealed(looked, month, file):
        return [replace(fact, raw_is="changed") for fact in facts]
    if not is_text(path):
        return [replace(fact, raw_is="not_text") for fact in facts]
    shown = [fact for fact in facts if not _may_tell_more(path, fact)]
    lines = {fact.line for fact in shown}
    found = read_raw_records(path, lines, form_of(looked, month, file)) if lines else {}
    given = {id(fact) for fact in shown}
    return [
        replace(fact, raw=found.get(fact.line) if id(fact) in given else None) for fact in facts
    ]


def _may_tell_more(path: Path, fact: Fact) -> bool:
    """Whether a withheld fact's record could hold more than its row, without what is personal.

    The row of an order's line is only that; a vendor's line that it was made of may name the buyer.
    """
    return fact.is_withheld and (
        fact.table in personal_tables() or not has_own_columns(path, fact.table)
    )


def has_own_columns(path: Path, table: str) -> bool:
    """Whether a file has no columns but the table's, by their names: nothing else stands in it."""
    try:
        header = read_csv_header(path)
    except (OSError, ValueError):
        return False
    return set(header) <= set(SHAPES[table].cells)


def withhold(fact: Fact) -> Fact:
    """A fact of a customer who has opted out of contact, without name, e-mail or phone."""
    cells = SHAPES[fact.table].cells
    row = {name: None if cells[name].is_personal else cell for name, cell in fact.row.items()}
    return replace(fact, row=row, is_withheld=True)
