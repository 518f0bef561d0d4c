"""Facts with the text of the drop's file, as it stands there; nothing of who has opted out.

Belongs here: when a text may be shown. A text is given only while the file is the one that was
sealed, and of a customer who has opted out of contact nothing that could be personal is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.book.drop_files import format_of
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.csv_reading import read_csv_header
from pipelines.extracts.raw_records import is_text, read_raw_records
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.facts import is_sealed
from pipelines.proof.story import Fact
from pipelines.reports.pages.quality import personal_tables
from pipelines.stop import Stop

SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Reading:
    """How a file of a drop is read: its form, whether it is text, and whose columns it has.

    `theirs` are a table's columns as the vendor calls them; None of a source, which has its own.
    """

    form: FileForm
    is_text: bool
    theirs: frozenset[str] | None


def reading_of(looked: Looked, month: Month, file: str) -> Reading:
    """How a drop's file is read, as the mapping in force says, or as its name does."""
    path = looked.book_folder / month.text / file
    try:
        drop = looked.book(month).drop(month)
    except Stop:  # another of its files is missing, say; this one is the sealed one
        return Reading(PLAIN, is_text(path), None)
    for table, paths in drop.files.items():
        if path in paths:
            mapping = drop.mapping_of(table)
            theirs = frozenset(mapping.theirs(name) for name in SHAPES[table].cells)
            return Reading(mapping.form, _is_csv(path, mapping.format), theirs)
    for name, paths in drop.sources.items():
        if path in paths:
            source = drop.mapping.sources[name]
            return Reading(source.form, _is_csv(path, source.format), None)
    return Reading(PLAIN, is_text(path), None)


def _is_csv(path: Path, told: str | None) -> bool:
    return format_of(path, told) == "csv"


def add_raw_text(looked: Looked, facts: Iterable[Fact]) -> list[Fact]:
    """The facts, each with its record's text, or why there is none (contract 4, `raw_is`).

    A drop's files may have gigabytes: each is read and digested side by side, and what was read is
    told only if its digest is the sealed one.
    """
    by_file: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_file[fact.drop, fact.file].append(fact)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        sealed = {key: threads.submit(is_sealed, looked, Month(key[0]), key[1]) for key in by_file}
        read = {key: threads.submit(_with_text, looked, Month(key[0]), key[1], of_file)
                for key, of_file in by_file.items()}  # fmt: skip
        return [
            each
            for key, of_file in by_file.items()
            for each in (
                read[key].result() if sealed[key].result()
                else _without_text(looked.book_folder / key[0] / key[1], of_file)
            )
        ]  # fmt: skip


def _without_text(path: Path, facts: list[Fact]) -> list[Fact]:
    why = "changed" if path.is_file() else "missing"
    return [replace(fact, raw_is=why) for fact in facts]


def _with_text(looked: Looked, month: Month, file: str, facts: list[Fact]) -> list[Fact]:
    """The facts of a file with their text, whether or not it is the sealed one."""
    path = looked.book_folder / month.text / file
    if not path.is_file():
        return facts
    reading = reading_of(looked, month, file)
    if not reading.is_text:
        return [replace(fact, raw_is="not_text") for fact in facts]
    is_own = _has_own_columns(path, reading)
    shown = [fact.line for fact in facts if not fact.is_withheld or _is_impersonal(fact, is_own)]
    try:
        found = read_raw_records(path, set(shown), reading.form) if shown else {}
    except (OSError, ValueError, LookupError):  # of another encoding than is known here
        found = {}
    return [
        replace(
            fact,
            raw=found.get(fact.line) if fact.line in shown else None,
            is_impersonal=_is_impersonal(fact, is_own),
        )
        for fact in facts
    ]


def _is_impersonal(fact: Fact, is_own: bool) -> bool:
    """Whether a fact's record can name nobody: its table has no such column, its file no other.

    The row of an order's line is only that; a vendor's line that it was made of may name the buyer.
    """
    return is_own and fact.table not in personal_tables()


def _has_own_columns(path: Path, reading: Reading) -> bool:
    """Whether a file has no columns but those of its table: nothing else stands in it."""
    try:
        header = read_csv_header(path, reading.form)
    except (OSError, ValueError, LookupError):
        return False
    return reading.theirs is not None and set(header) <= reading.theirs


def withhold(fact: Fact) -> Fact:
    """A fact of a customer who has opted out of contact, without name, e-mail or phone."""
    cells = SHAPES[fact.table].cells
    row = {name: None if cells[name].is_personal else cell for name, cell in fact.row.items()}
    return replace(fact, row=row, is_withheld=True)
