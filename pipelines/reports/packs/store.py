"""The store of a month's packs: the rows of its tables, laid out leader by leader.

Belongs here: how they come out of the engine. The engine writes the lines of the CSV files; what
passes through Python row by row, in rows, is only what a page shows.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.engines.duck import literal
from pipelines.reports.csv_files import know_texts, written_line
from pipelines.reports.packs.cells import SHAPE, shape_in_sql
from pipelines.reports.packs.files import MOST_SHOWN, PACK_FILES, PackFile
from pipelines.rules.report_shapes import REPORT_SHAPES

# Each leader with the volumes of the months. Places are by the folders' names with the slash: so
# the paths of all files are in byte order.
LEADERS = """
    select
        row_number() over (order by concat(leader_id, '/')) - 1 as place,
        packs.*,
        volumes.months,
        volumes.personal,
        volumes.of_group
    from leaders.packs as packs
    left join (
        select
            leader_id,
            list(month order by month) as months,
            list(cast(personal_bv as double) order by month) as personal,
            list(cast(group_bv as double) order by month) as of_group
        from leaders.volumes
        group by leader_id
    ) as volumes using (leader_id)
    order by place
"""


def store_packs(con: duckdb.DuckDBPyConnection, store: Path | None) -> int:
    """Put the packs' rows, in their order, into `store`, which other processes can read.

    In: the warehouse with the month's rows; a file that is not there yet, or None for tables that
    this connection keeps in memory. It stays attached as `packs`. Out: how many packs there are.
    """
    # A log would have everything written twice, and nobody needs half a store.
    how = " (recovery_mode no_wal_writes)" if store else ""
    con.execute(f"attach {literal(str(store or ':memory:'))} as packs{how}")
    con.execute(f"create table packs.leaders as {LEADERS}")
    con.execute("create table packs.next_window as from leaders.next_window")
    know_texts(con)
    files = " union all ".join(map(_files, PACK_FILES))
    con.execute(f"""
        create table packs.files as
        select leader.place, files.* exclude (leader_id)
        from ({files}) as files
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        order by leader.place
    """)
    for file in PACK_FILES:
        con.execute(f"create table packs.{file.name}_rows as {_rows(con, file)}")
    if store:
        con.execute("checkpoint packs")
    [(count,)] = con.execute("select count(*) from packs.leaders").fetchall()
    return int(count)


def _files(file: PackFile) -> str:
    """SQL for leaders' files of one name, each as one text with its counts."""
    shape = REPORT_SHAPES[file.table]
    header, line = ",".join(shape.columns), written_line(shape.columns, shape.free_columns)
    return f"""
        select
            leader_id,
            '{file.name}' as name,
            files.total,
            coalesce(counts.listed, 0) as listed,
            coalesce(counts.waiting, 0) as waiting,
            coalesce(counts.past, 0) as past,
            coalesce(counts.rows, 0) <> files.total as is_merged,
            files.sum,
            encode('{header}' || chr(10) || files.lines) as text
        from (
            select
                leader_id,
                count(*) as total,
                cast(sum({file.summed}) as decimal(38, 2)) as sum,
                string_agg({line} || chr(10), '' order by {file.order}) as lines
            from {file.table}
            group by leader_id
        ) as files
        left join (
            select
                leader_id,
                count(*) as rows,
                count(*) filter (where {file.listed}) as listed,
                count(*) filter (where {file.listed} and {file.waiting}) as waiting,
                count(*) filter (where {file.past}) as past
            from {file.page_table}
            group by leader_id
        ) as counts using (leader_id)
    """


def _rows(con: duckdb.DuckDBPyConnection, file: PackFile) -> str:
    """SQL for the rows that a leader's page shows, each with its shape."""
    types = {name: kind for name, kind, *_ in con.execute(f"describe {file.page_table}").fetchall()}
    types |= dict.fromkeys(file.amounts, "VARCHAR")
    names = ", ".join(
        f'cast("{name}" as varchar) as "{name}"' if name in file.amounts else f'"{name}"'
        for name in file.shown
    )
    return f"""
        select
            leader.place,
            row_number() over (partition by leader.place order by {file.page_order}) as row_no,
            {shape_in_sql({name: types[name] for name in file.shown})} as {SHAPE},
            {names}
        from {file.page_table}
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        where {file.listed}
        qualify row_no <= {MOST_SHOWN}
        order by leader.place, row_no
    """
