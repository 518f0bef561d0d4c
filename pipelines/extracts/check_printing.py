"""What `upline check` found, printed: as tables, or as one JSON object.

Belongs here: that a quarantine of any length is printed as it is read, and never held.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from typing import IO

from pipelines.extracts.check_command import COLUMNS, LEFT_OUT, SOURCES, Check, ListedRow


def print_check(found: Check, out: IO[str]) -> None:
    """Print what became of each table and the quarantine as tables."""
    counts = [
        (load.table, load.file, load.rows, load.loaded, load.known_already, load.quarantined)
        for load in found.loads
    ]
    _print_table(out, ("table", "file", "rows", "loaded", "known", "quarantined"), counts)
    if found.sources:
        print("\nsources", file=out)
        _print_table(out, SOURCES, [tuple(row.values()) for row in found.sources])
    if found.left_out:
        print("\nrows in no table", file=out)
        _print_table(out, LEFT_OUT, [_left_out_cells(row) for row in found.left_out])
    for table, text in found.queries.items():
        print(f"\n{table}.sql", file=out)
        for line in text.strip().splitlines():
            print(f"    {_cell(line)}".rstrip(), file=out)
    if len(found.quarantine):
        print("\nquarantine", file=out)
        _print_table(out, COLUMNS[:-1], _Shown(found.quarantine))
    for note in found.notes:
        print(f"note: {note}", file=out)
    if found.draft:
        print("\ndraft for mapping.toml, of which nothing is in force", file=out)
        for line in found.draft:
            print(f"    {_cell(line)}".rstrip(), file=out)


def _left_out_cells(row: dict[str, str | int | None]) -> tuple[str | int, ...]:
    """The cells of what left rows out, for a person."""
    told = dict(row)
    told["left out by"] = told["left out by"] or "(no query reads it)"
    told["condition not met"] = told["condition not met"] or "(none: joined, grouped or distinct)"
    return tuple(cell or "" for cell in told.values())


@dataclass(frozen=True)
class _Shown:
    """The cells of listed rows that a table has, each time they are asked for."""

    rows: Iterable[ListedRow]

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return (tuple(row[name] for name in COLUMNS[:-1]) for row in self.rows)


def _print_table(out: IO[str], header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Print rows, which are asked for twice: for the widths of their columns, and to print them."""
    widths = [len(name) for name in header]
    for row in rows:
        widths = [max(w, len(_cell(cell))) for w, cell in zip(widths, row, strict=True)]
    for line in chain([header], (tuple(map(_cell, row)) for row in rows)):
        print(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip(),
            file=out,
        )


def _cell(value: object) -> str:
    """A cell for the terminal: no control character of an extract reaches it."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def print_check_json(found: Check, out: IO[str]) -> None:
    """Print the same as one JSON object, the quarantine row by row."""
    before: dict[str, object] = {
        "month": found.month.text,
        "stopped": found.stopped,
        "tables": [asdict(load) for load in found.loads],
    }
    after: dict[str, object] = {
        "notes": found.notes,
        "sources": found.sources,
        "left_out": found.left_out,
        "queries": found.queries,
        "draft": found.draft,
    }
    out.write("{")
    for name, told in before.items():
        out.write(f'\n  "{name}": {_json(told, 2)},')
    out.write('\n  "quarantine": [')
    at = 0
    for at, row in enumerate(found.quarantine, 1):
        out.write(f"{',' if at > 1 else ''}\n    {_json(row, 4)}")
    out.write("\n  ]" if at else "]")
    for name, told in after.items():
        out.write(f',\n  "{name}": {_json(told, 2)}')
    out.write("\n}\n")


def _json(told: object, indent: int) -> str:
    """A value as JSON, its further lines indented."""
    # A line's end inside a text is written otherwise.
    return json.dumps(told, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * indent)
