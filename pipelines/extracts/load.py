"""One table of one drop into the warehouse: every row loaded, met again, or quarantined.

Belongs here: the order of the stages and what stops a load. Reading is in `reading`, each stage has
its own module.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.book.drops import Book, Drop
from pipelines.book.policy import Policy
from pipelines.engines.duck import less_memory, transaction
from pipelines.extracts.file_stage import find_repeats
from pipelines.extracts.history_stage import CHANGED, KNOWN_ALREADY, meet_history
from pipelines.extracts.notes import note, note_absent
from pipelines.extracts.origins import Origin
from pipelines.extracts.quarantine import check_members, check_share, write_quarantine
from pipelines.extracts.query_tables import read_query_table
from pipelines.extracts.reading import Cells, read_table_files
from pipelines.extracts.reference_stage import UNKNOWN_LINES, find_references, known_lines
from pipelines.extracts.reversal_limits import (
    EXCEEDING,
    STANDING_BV,
    STANDING_JOIN,
    settle_reversals,
)
from pipelines.extracts.row_stage import ROW_FAULTS, stage_rows
from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.extracts.sponsor_line import check_sponsor_line
from pipelines.extracts.staging import Staging
from pipelines.extracts.taken_rows import note_taken, release_sources
from pipelines.months import Month

# What the engine may hold while it loads, since the text of a batch is held beside it.
MOST_MEMORY_GIB = 4


@dataclass(frozen=True)
class Load:
    """What became of a table's file: its rows, and how many went which way."""

    table: str
    file: str
    rows: int
    loaded: int
    known_already: int
    quarantined: int


def forget_later_drops(con: duckdb.DuckDBPyConnection, month: Month) -> None:
    """Take out whatever was loaded from a later drop than the month's."""
    tables = [f"drops.{table}" for table in SHAPES]
    tables += ["drops.known_members", "quality.quarantine", "quality.notes", "quality.loads"]
    tables += ["quality.quarantined_money", "quality.taken", "quality.sources"]
    tables += ["quality.unmet", "quality.left_out"]
    with transaction(con):
        for table in tables:
            con.execute(f"delete from {table} where drop_month > '{month}'")


def _forget_table(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape) -> None:
    """Take out what an earlier attempt has loaded of this table."""
    loaded = [f"drops.{shape.table}"] + ["drops.known_members"] * (shape.table == "members")
    for table in loaded:
        con.execute(f"delete from {table} where drop_month = '{drop.month}'")
    for table in ("quarantine", "quarantined_money", "notes", "loads", "taken", "unmet"):
        con.execute(
            f'delete from quality.{table} where drop_month = $1 and "table" = $2',
            [drop.month.text, shape.table],
        )


def replace_table(con: duckdb.DuckDBPyConnection, book: Book, drop: Drop, shape: Shape) -> Load:
    """Load one table of a drop in the caller's transaction, replacing an earlier attempt's rows.

    The tables that its ids name must be loaded before. Out: the counts. Stop when the file cannot
    be read, a required column is missing, too many rows are quarantined or members are bad; what
    was listed is there then.
    """
    _forget_table(con, drop, shape)
    cells = read_table(drop, shape)
    if cells is None:
        note_absent(con, drop, shape)
        release_sources(drop, shape.table)
        return Load(shape.table, "", 0, 0, 0, 0)
    cells.origin.register(con)
    try:
        with less_memory(con, MOST_MEMORY_GIB):
            return _load_cells(con, book.policy, drop, shape, cells)
    finally:
        cells.origin.forget(con)
        release_sources(drop, shape.table)


def read_table(drop: Drop, shape: Shape) -> Cells | None:
    """The rows of a table's files, or of the query that makes them; None where there are none."""
    if shape.table in drop.mapping.queries:
        return read_query_table(drop, shape)
    paths = drop.files.get(shape.table)
    if paths is None:
        return None
    mapping = drop.mapping_of(shape.table)
    return read_table_files(paths, shape.cells, mapping, shape.table, drop.mapping.path)


def _load_cells(
    con: duckdb.DuckDBPyConnection, policy: Policy, drop: Drop, shape: Shape, cells: Cells
) -> Load:
    origin, rows = cells.origin, stage_rows(con, policy, drop, shape, cells)
    unknown = [f"{origin.name}: {_tell_ignored(drop, shape, at)}" for at in cells.unknown_columns]
    note(con, drop, shape, unknown)
    known_already = _run_stages(con, policy, shape, origin)
    quarantined = write_quarantine(con, drop, shape, cells)
    check_share(con, policy, shape, origin, rows)
    loaded = _write_rows(con, drop, shape, origin)
    load = Load(shape.table, origin.name, rows, loaded, known_already, quarantined)
    con.execute(
        "insert into quality.loads values ($1, $2, $3, $4, $5, $6, $7)",
        [drop.month.text, load.table, load.file, rows, loaded, known_already, quarantined],
    )
    # Of a large file it would be kept on the disk, and what is in memory in the next one's way.
    con.execute("drop table typed")
    note_taken(con, drop, shape.table)
    if shape.table == "members":
        check_sponsor_line(con, origin.path)
    return load


def _tell_ignored(drop: Drop, shape: Shape, name: str) -> str:
    theirs = drop.mapping_of(shape.table).columns.get(name)
    if theirs is None:
        return f"unknown column {name!r} was ignored"
    return f"its own column {name!r} was ignored: the mapping reads {name} from {theirs!r}"


def _run_stages(
    con: duckdb.DuckDBPyConnection, policy: Policy, shape: Shape, origin: Origin
) -> int:
    """All stages over `typed`; out: how many rows had been loaded before."""
    if shape.table == "members":
        _run_members_stages(con, shape, origin)
        return 0
    staging, known_already = Staging(con), 0
    staging.end_stage("row", [ROW_FAULTS])
    staging.end_stage("file", find_repeats(con, shape))
    if shape.kind == "event":
        known_already = meet_history(con, shape)
        staging.end_stage("history", [CHANGED], KNOWN_ALREADY)
    staging.end_stage("reference", find_references(con, shape, policy.company.opening_month.text))
    if shape.table == "reversals":
        settle_reversals(con)
        staging.end_stage("excess", [EXCEEDING])
        staging.let_stand(STANDING_BV, STANDING_JOIN)
    return known_already


def _run_members_stages(con: duckdb.DuckDBPyConnection, shape: Shape, origin: Origin) -> None:
    """A member stands without a cell that is listed; of duplicates the first alone stands."""
    staging = Staging(con, leaving="code = 'duplicate'")
    staging.end_stage("row", [ROW_FAULTS])
    check_members(con, origin)
    staging.end_stage("file", find_repeats(con, shape))
    check_members(con, origin)
    staging.end_stage("reference", [UNKNOWN_LINES])
    staging.let_stand(known_lines())


def _write_rows(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape, origin: Origin) -> int:
    """Write `standing` to drops.<table>; out: how many rows."""
    added = ("drop_month", "file", "line")
    columns = ", ".join(f'standing."{name}"' for name in shape.columns if name not in added)
    if shape.kind == "snapshot":
        con.execute(f"delete from drops.{shape.table}")
        con.execute(f"""
            insert into drops.known_members
            select member_id, '{drop.month}'
            from incoming anti join drops.known_members as known using (member_id)
        """)
    file, line, places = origin.shown("standing")
    [(loaded,)] = con.execute(f"""
        insert into drops.{shape.table}
        select {columns}, '{drop.month}', {file}, {line} from standing {places}
    """).fetchall()
    return int(loaded)
