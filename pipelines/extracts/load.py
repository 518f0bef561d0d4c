"""One table of one drop into the warehouse: every row loaded, met again, or quarantined.

Belongs here: the order of the stages and what stops a load. Reading is in `reading`, each stage has
its own module.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.book.drops import Book, Drop
from pipelines.book.policy import Policy
from pipelines.engines.duck import less_memory
from pipelines.engines.loading import Loading
from pipelines.extracts.file_stage import find_repeats
from pipelines.extracts.history_stage import CHANGED, KNOWN_ALREADY, is_known, meet_history
from pipelines.extracts.notes import note, note_absent
from pipelines.extracts.origins import Origin
from pipelines.extracts.quarantine import LISTED, check_members, check_share, write_quarantine
from pipelines.extracts.query_tables import read_query_table
from pipelines.extracts.reading import Cells, read_table_files
from pipelines.extracts.reference_stage import find_references, find_unknown_lines, known_lines
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


def forget_later_drops(loading: Loading, month: Month) -> None:
    """Take out whatever was loaded from a later drop than the month's."""
    for table in [*(f"drops.{table}" for table in SHAPES), "drops.known_members", *LISTED]:
        loading.remove(table, month.next.text)
    for table in ("notes", "loads", "taken", "sources", "unmet", "left_out"):
        loading.reader.execute(f"delete from quality.{table} where drop_month > '{month}'")


def _forget_table(loading: Loading, drop: Drop, shape: Shape) -> None:
    """Take out what an earlier attempt has loaded of this table: it has noted what it did."""
    if not loading.reader.execute(
        """
        select 1 from quality.loads where drop_month = $1 and "table" = $2
        union all
        select 1 from quality.notes where drop_month = $1 and "table" = $2
        """,
        [drop.month.text, shape.table],
    ).fetchall():
        return
    loaded = [f"drops.{shape.table}"] + ["drops.known_members"] * (shape.table == "members")
    for table in loaded:
        loading.remove(table, drop.month.text, drop.month.text)
    for table in LISTED:
        loading.remove(table, drop.month.text, drop.month.text, shape.table)
    for table in ("notes", "loads", "taken", "unmet"):
        loading.reader.execute(
            f'delete from quality.{table} where drop_month = $1 and "table" = $2',
            [drop.month.text, shape.table],
        )


def replace_table(loading: Loading, book: Book, drop: Drop, shape: Shape) -> Load:
    """Load one table of a drop in the caller's transaction, replacing an earlier attempt's rows.

    The tables that its ids name must be loaded before. Out: the counts. Stop when the file cannot
    be read, a required column is missing, too many rows are quarantined or members are bad; what
    was listed is there then.
    """
    con = loading.reader
    _forget_table(loading, drop, shape)
    cells = read_table(drop, shape)
    if cells is None:
        note_absent(con, drop, shape)
        release_sources(drop, shape.table)
        return Load(shape.table, "", 0, 0, 0, 0)
    cells.origin.register(loading)
    try:
        with less_memory(con, MOST_MEMORY_GIB):
            return _load_cells(loading, book.policy, drop, shape, cells)
    finally:
        cells.origin.forget(loading)
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


def _load_cells(loading: Loading, policy: Policy, drop: Drop, shape: Shape, cells: Cells) -> Load:
    con, origin = loading.reader, cells.origin
    rows = stage_rows(loading, policy, drop, shape, cells)
    unknown = [f"{origin.name}: {_tell_ignored(drop, shape, at)}" for at in cells.unknown_columns]
    note(con, drop, shape, unknown)
    known_already = _run_stages(loading, policy, shape, origin)
    quarantined = write_quarantine(loading, drop, shape, cells)
    check_share(con, policy, shape, origin, rows)
    loaded = _write_rows(loading, drop, shape, origin)
    load = Load(shape.table, origin.name, rows, loaded, known_already, quarantined)
    con.execute(
        "insert into quality.loads values ($1, $2, $3, $4, $5, $6, $7)",
        [drop.month.text, load.table, load.file, rows, loaded, known_already, quarantined],
    )
    loading.release()
    note_taken(con, drop, shape.table)
    if shape.table == "members":
        check_sponsor_line(loading, origin.path)
        loading.release()
    return load


def _tell_ignored(drop: Drop, shape: Shape, name: str) -> str:
    theirs = drop.mapping_of(shape.table).columns.get(name)
    if theirs is None:
        return f"unknown column {name!r} was ignored"
    return f"its own column {name!r} was ignored: the mapping reads {name} from {theirs!r}"


def _run_stages(loading: Loading, policy: Policy, shape: Shape, origin: Origin) -> int:
    """All stages over `typed`; out: how many rows had been loaded before."""
    if shape.table == "members":
        _run_members_stages(loading, shape, origin)
        return 0
    staging, known_already = Staging(loading, shape), 0
    staging.end_stage(ROW_FAULTS)
    staging.end_stage(find_repeats(loading, shape))
    if shape.kind == "event" and is_known(loading, shape):
        known_already = meet_history(loading, shape)
        staging.end_stage(CHANGED, KNOWN_ALREADY)
    staging.end_stage(find_references(loading, shape, policy.company.opening_month.text))
    if shape.table == "reversals":
        settle_reversals(loading)
        staging.end_stage(EXCEEDING)
        staging.let_stand(STANDING_BV, STANDING_JOIN)
    else:
        staging.let_stand()
    return known_already


def _run_members_stages(loading: Loading, shape: Shape, origin: Origin) -> None:
    """A member stands without a cell that is listed; of duplicates the first alone stands."""
    staging = Staging(loading, shape, leaving="code = 'duplicate'")
    staging.end_stage(ROW_FAULTS)
    check_members(loading.reader, origin)
    staging.end_stage(find_repeats(loading, shape))
    check_members(loading.reader, origin)
    staging.end_stage(find_unknown_lines(loading))
    staging.let_stand(*known_lines())


def _write_rows(loading: Loading, drop: Drop, shape: Shape, origin: Origin) -> int:
    """Write `standing` to drops.<table>; out: how many rows."""
    table, month = f"drops.{shape.table}", drop.month.text
    columns = ", ".join(f'standing."{name}"' for name in shape.staged)
    if shape.kind == "snapshot":
        loading.remove(table)
        loading.add(
            "drops.known_members",
            month,
            f"""
            select incoming.member_id, '{month}' as drop_month
            from incoming
            anti join drops.known_members as known on known.member_id = incoming.member_id
            """,
        )
    file, line, places = origin.shown("standing")
    return loading.add(
        table,
        month,
        f"""
        select {columns}, '{month}' as drop_month, {file} as file, {line} as line
        from standing {places}
        """,
    )
