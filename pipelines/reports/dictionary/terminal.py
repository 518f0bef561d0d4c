"""The dictionary in a terminal: `upline describe`, laid out for a width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pipelines.book.drop_files import ENDINGS
from pipelines.reports.dictionary.entries import Entry
from schemas.cells import Cell
from schemas.extracts.kinds import KINDS
from schemas.words import type_in_words

GAP = 2
UNBROKEN = "\0"


def entry_lines(entry: Entry, width: int) -> Iterator[str]:
    """One table or report: its columns with type and meaning, and what the types look like."""
    yield from textwrap.wrap(f"{entry.name}: {entry.about}.", width)
    yield from textwrap.wrap(entry.sentence, width)
    yield ""
    rows = [
        (f"{name}{'*' if is_there else ''}", kind, told)
        for name, is_there, kind, told in entry.columns
    ]
    yield from _in_columns(rows, width)
    yield ""
    yield "* never empty" if entry.is_report else "* required"
    yield ""
    yield from _in_columns(list(entry.forms.items()), width)


def tables_lines(tables: list[Entry], reports: list[Entry], width: int) -> Iterator[str]:
    """All tables of a book with their columns and types, and the names of the reports."""
    yield from textwrap.wrap(
        f"The {len(tables)} tables of a book. A drop has a file for each, `orders.csv` "
        f"({', '.join([*ENDINGS][1:])}), or what a mapping reads; one that is absent is an empty "
        "table. "
        "A * marks what is required.",
        width,
    )
    for entry in tables:
        yield ""
        yield f"{entry.name}: {entry.about}"
        yield from _indented(entry.sentence, width)
        yield from _indented(", ".join(_column(*each) for each in entry.cells.items()), width)
    yield ""
    yield from _in_columns(list(KINDS.items()), width)
    yield ""
    yield from textwrap.wrap(
        "`upline describe orders` tells what each column of a table means. Reports are described "
        f"too: {', '.join(entry.name for entry in reports)}.",
        width,
    )


def _column(name: str, cell: Cell) -> str:
    """A column's name and type, or its words, as one word that is not wrapped."""
    kind = "|".join(cell.allowed) or type_in_words(cell)
    return f"{name}{'*' if cell.required else ''} {kind}".replace(" ", UNBROKEN)


def _indented(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        text, width, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )
    return [line.replace(UNBROKEN, " ") for line in lines]


def _in_columns(rows: Sequence[tuple[str, ...]], width: int) -> Iterator[str]:
    """Rows with the last cell wrapped into the room that the others leave."""
    widths = [max(len(cell) for cell in column) + GAP for column in zip(*rows, strict=True)][:-1]
    left = sum(widths)
    for *cells, told in rows:
        lines = textwrap.wrap(told, max(width - left, 24), break_long_words=False) or [""]
        head = "".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True))
        yield f"{head}{lines[0]}".rstrip()
        yield from (f"{' ' * left}{line}" for line in lines[1:])
