"""`upline check`: a drop read and validated against all drops before it, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

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
# Listed rows that are held at once.
AT_ONCE = 1_000
ListedRow = dict[str, str | int | None]


@dataclass(frozen=True)
class Listed:
    """A drop's quarantine, in its order, read from the warehouse each time it is asked for."""

    con: duckdb.DuckDBPyConnection
    month: Month

    def __len__(self) -> int:
        [(rows,)] = self.con.execute(
            "select count(*) from quality.quarantine where drop_month = $1", [self.month.text]
        ).fetchall()
        return int(rows)

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)

    def __iter__(self) -> Iterator[ListedRow]:
        with self.con.cursor() as found:
            found.execute(
                'select "table", file, line, key, code, "column", raw from quality.quarantine '
                'where drop_month = $1 order by "table", file, line, code, "column" nulls first, '
                "key",
                [self.month.text],
            )
            while rows := found.fetchmany(AT_ONCE):
                yield from (dict(zip(COLUMNS, row, strict=True)) for row in rows)


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
    quarantine: Collection[ListedRow] = ()
    notes: list[str] = field(default_factory=list)
    sources: list[dict[str, str | int]] = field(default_factory=list)
    left_out: list[dict[str, str | int | None]] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)
    draft: list[str] = field(default_factory=list)
    stopped: str | None = None


@contextmanager
def checked_drop(book_folder: Path, month: Month) -> Iterator[Check]:
    """Validate a month's drop as its close would (contract 1); nothing is written.

    The drops from the opening month on are read too: history and references need them. Whatever
    stops the close is in the result, with the rows that were listed before it did; they are read
    when they are asked for, as long as the block lasts.
    """
    with (
        private_folder() as spill,
        open_warehouse(None, spill) as con,
    ):
        yield _check(con, book_folder, month)


def check_drop(book_folder: Path, month: Month) -> Check:
    """As `checked_drop`, with all of the quarantine."""
    with checked_drop(book_folder, month) as found:
        return replace(found, quarantine=list(found.quarantine))


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
        quarantine=Listed(con, month),
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
