"""`upline check`: a drop read and validated against all drops before it, in memory."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import duckdb

from pipelines.book.drops import Book, Drop, open_book
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts.load import Load, replace_table
from pipelines.extracts.mapping_draft import draft_mapping
from pipelines.extracts.notes import note_unread_drops
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.stray_tables import open_drop
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month, months_between
from pipelines.private_folders import private_folder
from pipelines.stop import Stop

SOURCES = ("source", "file", "rows", "in no table")
LEFT_OUT = ("source", "file", "left out by", "condition not met", "rows")
COLUMNS = ("table", "file", "line", "key", "code", "column", "raw")


@dataclass(frozen=True)
class Check:
    """What a drop's validation found; `stopped` is why a close would not go on.

    `sources` are the files that the mapping's queries read, `left_out` tells of their rows that are
    in no table which condition of which query they do not meet (None: it has none that tells),
    `queries` are the SQL of the tables that they make; `draft` has lines of a mapping for files
    that do not fit it.
    """

    month: Month
    loads: list[Load] = field(default_factory=list)
    quarantine: list[dict[str, str | int | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: list[dict[str, str | int]] = field(default_factory=list)
    left_out: list[dict[str, str | int | None]] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)
    draft: list[str] = field(default_factory=list)
    stopped: str | None = None


def check_drop(book_folder: Path, month: Month) -> Check:
    """Validate a month's drop as its close would (contract 1); nothing is written.

    The drops from the opening month on are read too: history and references need them. Whatever
    stops the close is in the result, with the rows that were listed before it did.
    """
    with (
        private_folder() as spill,
        open_warehouse(None, spill) as con,
    ):
        return _check(con, book_folder, month)


def _check(con: duckdb.DuckDBPyConnection, book_folder: Path, month: Month) -> Check:
    loads: list[Load] = []
    queries: dict[str, str] = {}
    draft: list[str] = []
    stopped = None
    try:
        opening = open_book(book_folder, month).policy.company.opening_month
        if month < opening:
            raise Stop(f"{month} is before the opening month {opening}: it is history")
        for each in months_between(opening, month):
            book = open_book(book_folder, each)
            book.read_signers()
            queries = book.mapping.queries
            draft = draft_mapping(book.folder / each.text, book.mapping)
            loads = load_drop(con, book, open_drop(book, each))
    except Stop as stop:
        stopped = str(stop)
        loads = []
    rows = con.execute(
        'select "table", file, line, key, code, "column", raw from quality.quarantine '
        'where drop_month = $1 order by "table", file, line, code, "column" nulls first, key',
        [month.text],
    ).fetchall()
    notes = con.execute(
        'select "table", note from quality.notes where drop_month = $1 order by 1, 2', [month.text]
    ).fetchall()
    sources = con.execute(
        "select source, file, rows, left_out from quality.sources "
        "where drop_month = $1 order by 1, 2",
        [month.text],
    ).fetchall()
    left_out = con.execute(
        'select source, file, "table", condition, rows from quality.left_out '
        "where drop_month = $1 order by source, file, 3, rows desc, condition",
        [month.text],
    ).fetchall()
    loaded = {load.table for load in loads if load.file}
    return Check(
        month=month,
        loads=[load for load in loads if load.file],
        quarantine=[dict(zip(COLUMNS, row, strict=True)) for row in rows],
        notes=[f"{table}: {note}" for table, note in notes],
        draft=draft,
        stopped=stopped,
        sources=[dict(zip(SOURCES, row, strict=True)) for row in sources],
        left_out=[dict(zip(LEFT_OUT, row, strict=True)) for row in left_out],
        queries={table: text for table, text in queries.items() if table in loaded},
    )


def load_drop(con: duckdb.DuckDBPyConnection, book: Book, drop: Drop) -> list[Load]:
    """Load all tables of a drop in the order of the reference stage (contract 1).

    Stop as contract 1 lists it; nothing is rolled back then.
    """
    note_unread_drops(con, book, drop.month)
    return [replace_table(DuckLoading(con), book, drop, shape) for shape in SHAPES.values()]


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
    if found.quarantine:
        rows = [tuple(row[name] for name in COLUMNS[:-1]) for row in found.quarantine]
        print("\nquarantine", file=out)
        _print_table(out, COLUMNS[:-1], rows)
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


def _print_table(out: IO[str], header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> None:
    lines = [header, *[tuple(_cell(cell) for cell in row) for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        print(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip(),
            file=out,
        )


def _cell(value: object) -> str:
    """A cell for the terminal: no control character of an extract reaches it."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def print_check_json(found: Check, out: IO[str]) -> None:
    """Print the same as one JSON object."""
    told = {
        "month": found.month.text,
        "stopped": found.stopped,
        "tables": [asdict(load) for load in found.loads],
        "quarantine": found.quarantine,
        "notes": found.notes,
        "sources": found.sources,
        "left_out": found.left_out,
        "queries": found.queries,
        "draft": found.draft,
    }
    json.dump(told, out, indent=2, ensure_ascii=False)
    out.write("\n")
