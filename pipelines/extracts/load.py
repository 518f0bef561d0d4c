"""One table of one drop into the warehouse: every row loaded, met again, or quarantined.

Belongs here: the order of the stages and what stops a load. Reading is in `reading`, each stage has
its own module.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb

from pipelines.book.drops import Book, Drop
from pipelines.book.policy import Policy
from pipelines.engines.duck import transaction
from pipelines.extracts.excess import settle_reversals
from pipelines.extracts.file_stage import drop_listed, list_repeats
from pipelines.extracts.history_stage import settle_history
from pipelines.extracts.notes import note, note_absent
from pipelines.extracts.origins import Origin
from pipelines.extracts.quarantine import check_members, check_share, write_quarantine
from pipelines.extracts.query_tables import read_query_table
from pipelines.extracts.reading import Cells, read_table_files
from pipelines.extracts.reference_stage import list_references
from pipelines.extracts.row_stage import stage_rows
from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.extracts.sponsor_line import check_sponsor_line
from pipelines.extracts.taken_rows import note_taken, release_sources
from pipelines.months import Month


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
    origin, rows = cells.origin, len(cells.lines)
    cells = number_lines(cells)
    unknown = [f"{origin.name}: {_tell_ignored(drop, shape, at)}" for at in cells.unknown_columns]
    note(con, drop, shape, unknown)
    con.register("cells", cells.frame)
    try:
        stage_rows(con, policy, drop, shape, cells)
    finally:
        con.unregister("cells")
    known_already = _run_stages(con, policy, shape, origin)
    quarantined = write_quarantine(con, drop, shape, cells)
    check_share(con, policy, shape, origin, rows)
    loaded = _write_rows(con, drop, shape, origin)
    load = Load(shape.table, origin.name, rows, loaded, known_already, quarantined)
    con.execute(
        "insert into quality.loads values ($1, $2, $3, $4, $5, $6, $7)",
        [drop.month.text, load.table, load.file, rows, loaded, known_already, quarantined],
    )
    note_taken(con, drop, shape.table)
    if shape.table == "members":
        check_sponsor_line(con, origin.path)
    return load


def _tell_ignored(drop: Drop, shape: Shape, name: str) -> str:
    theirs = drop.mapping_of(shape.table).columns.get(name)
    if theirs is None:
        return f"unknown column {name!r} was ignored"
    return f"its own column {name!r} was ignored: the mapping reads {name} from {theirs!r}"


def number_lines(cells: Cells) -> Cells:
    """The cells with each row's line beside them."""
    return replace(cells, frame=cells.frame.append_column("line", cells.lines))


def _run_stages(
    con: duckdb.DuckDBPyConnection, policy: Policy, shape: Shape, origin: Origin
) -> int:
    """The later stages over `incoming`; out: how many rows had been loaded before."""
    known_already = 0
    if shape.table == "members":
        check_members(con, origin)
    else:
        drop_listed(con)
    list_repeats(con, shape)
    if shape.table == "members":
        check_members(con, origin)
        con.execute(
            "delete from incoming where line in (select line from listed where code = 'duplicate')"
        )
        _forget_unknown_lines(con)
        return 0
    drop_listed(con)
    if shape.kind == "event":
        known_already = settle_history(con, shape)
        drop_listed(con)
    list_references(con, shape, policy.company.opening_month.text)
    drop_listed(con)
    if shape.table == "reversals":
        settle_reversals(con)
        drop_listed(con)
    return known_already


def _forget_unknown_lines(con: duckdb.DuckDBPyConnection) -> None:
    """A sponsor or enroller that is not in this snapshot is listed; the member stands without.

    A member that names itself as its sponsor has none.
    """
    con.execute("update incoming set sponsor_id = null where sponsor_id = member_id")
    con.execute("""
        insert into listed
        select tie.line, 'reference', tie.name
        from (
            select line, 'sponsor_id' as name, sponsor_id as tied_id from incoming
            union all
            select line, 'enroller_id', enroller_id from incoming
        ) as tie
        anti join incoming as known on known.member_id = tie.tied_id
        where tie.tied_id is not null
    """)
    for name in ("sponsor_id", "enroller_id"):
        con.execute(f"""
            update incoming set {name} = null where line in (
                select line from listed where code = 'reference' and "column" = '{name}')
        """)


def _write_rows(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape, origin: Origin) -> int:
    """Write what is left of `incoming` to drops.<table>; out: how many rows."""
    added = ("drop_month", "file", "line")
    columns = ", ".join(f'incoming."{name}"' for name in shape.columns if name not in added)
    if shape.kind == "snapshot":
        con.execute(f"delete from drops.{shape.table}")
        con.execute(f"""
            insert into drops.known_members
            select member_id, '{drop.month}'
            from incoming anti join drops.known_members as known using (member_id)
        """)
    file, line, places = origin.shown("incoming")
    con.execute(f"""
        insert into drops.{shape.table}
        select {columns}, '{drop.month}', {file}, {line} from incoming {places}
    """)
    [(loaded,)] = con.execute("select count(*) from incoming").fetchall()
    return int(loaded)
