"""The dictionary as a Markdown page: `docs/dictionary.md`, by `upline describe --markdown`."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.book.drop_files import ENDINGS
from pipelines.reports.dictionary.entries import Entry
from schemas.extracts.kinds import KINDS
from schemas.words import READ, WRITTEN

HEAD = """\
# Data dictionary

Every column of a book's tables and of a month's reports: its type, whether it must be there, what
it means. Made by `make dictionary` from the classes in `schemas/`, from which the checks are made
too. *Personal* columns say who somebody is, or how to reach them.
"""


def dictionary_lines(tables: list[Entry], reports: list[Entry]) -> Iterator[str]:
    """The whole page, line by line."""
    yield from HEAD.splitlines()
    yield from ("", "## The tables of a book", "")
    endings = ", ".join(f"`{ending}`" for ending in ENDINGS)
    yield f"A drop has a file for each, of one of {endings}, or what a mapping reads. A table is a"
    yield ""
    yield from (f"- *{kind}*: {told};" for kind, told in KINDS.items())
    yield from ("", "and its cells are of these types:", "")
    yield from _types(READ)
    for entry in tables:
        yield from _entry(entry, "required")
    yield from ("", "## The reports of a month", "")
    yield "A report is `<programme>/<report>.csv`; those of `leaders` stand in each leader's own"
    yield "folder. Its cells are written so:"
    yield ""
    yield from _types(WRITTEN)
    for entry in reports:
        yield from _entry(entry, "never empty")


def _types(words: dict[str, str]) -> Iterator[str]:
    yield from ("| type | form |", "| --- | --- |")
    yield from (f"| {form} | {_cell(told)} |" for form, told in words.items())


def _entry(entry: Entry, there: str) -> Iterator[str]:
    yield from ("", f"### {entry.name}", "", f"{entry.sentence} ({entry.about})", "")
    yield f"| column | type | {there} | meaning |"
    yield "| --- | --- | --- | --- |"
    for name, is_there, kind, told in entry.columns:
        yield f"| `{name}` | {kind} | {'yes' if is_there else ''} | {_cell(told)} |"


def _cell(text: str) -> str:
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, "\\" + mark)
    return text
