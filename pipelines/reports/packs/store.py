"""The store of a month's packs: the rows of its tables, laid out leader by leader.

Belongs here: how they come out of the engine. The engine writes the lines of the CSV files; what
passes through Python row by row, in rows, is only what a page shows.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.reports.csv_files import free_columns, printed_columns, written_line
from pipelines.reports.packs.files import MOST_SHOWN, PACK_FILES, PackFile
from pipelines.rules.models import Model


def store_packs(con: duckdb.DuckDBPyConnection, models: list[Model], store: Path | None) -> int:
    """Put the packs' rows, in their order, into `store`, which other processes can read.

    In: the warehouse with the month's rows; a file that is not there yet, or None for tables that
    this connection keeps in memory. It stays attached as `packs`. Out: how many packs there are.
    """
    tables = {model.table: model for model in models}
    place = str(store).replace("'", "''") if store else ":memory:"
    con.execute(f"attach '{place}' as packs")
    # By their folders' names with the slash: so the paths of all files are in byte order.
    con.execute("""
        create table packs.leaders as
        select row_number() over (order by concat(leader_id, '/')) - 1 as place, *
        from leaders.packs order by place
    """)
    con.execute("create table packs.next_window as from leaders.next_window")
    con.execute("""
        create table packs.volumes as
        select
            leader.place,
            list(month order by month) as months,
            list(cast(personal_bv as double) order by month) as personal,
            list(cast(group_bv as double) order by month) as of_group
        from leaders.volumes
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        group by leader.place
        order by leader.place
    """)
    for file in PACK_FILES:
        model = tables[file.table]
        columns = printed_columns(con, model)
        header, line = ",".join(columns), written_line(columns, free_columns(model))
        con.execute(f"create table packs.{file.name}_files as {_files(header, line, file)}")
        con.execute(f"create table packs.{file.name}_rows as {_rows(file)}")
    [(count,)] = con.execute("select count(*) from packs.leaders").fetchall()
    return int(count)


def _files(header: str, line: str, file: PackFile) -> str:
    """SQL for a leader's file as one text, with its counts; `line` is a row's in SQL."""
    return f"""
        with files as (
            select
                leader_id,
                count(*) as total,
                cast(sum({file.summed}) as decimal(38, 2)) as sum,
                '{header}' || chr(10)
                    || string_agg({line} || chr(10), '' order by {file.order})
                    as text
            from {file.table}
            group by leader_id
        ),
        counts as (
            select
                leader_id,
                count(*) as rows,
                count(*) filter (where {file.listed}) as listed,
                count(*) filter (where {file.listed} and {file.waiting}) as waiting,
                count(*) filter (where {file.past}) as past
            from {file.page_table}
            group by leader_id
        )
        select
            leader.place,
            files.total,
            coalesce(counts.listed, 0) as listed,
            coalesce(counts.waiting, 0) as waiting,
            coalesce(counts.past, 0) as past,
            coalesce(counts.rows, 0) <> files.total as is_merged,
            files.sum,
            files.text
        from files
        left join counts using (leader_id)
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        order by leader.place
    """


def _rows(file: PackFile) -> str:
    """SQL for the rows that a leader's page shows."""
    names = ", ".join(
        f'cast("{name}" as varchar) as "{name}"' if name in file.amounts else f'"{name}"'
        for name in file.shown
    )
    return f"""
        select
            leader.place,
            row_number() over (partition by leader.place order by {file.page_order}) as row_no,
            {names}
        from {file.page_table}
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        where {file.listed}
        qualify row_no <= {MOST_SHOWN}
        order by leader.place, row_no
    """
