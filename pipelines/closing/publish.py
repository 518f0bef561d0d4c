"""The warehouse published: what analysts open is of the last month that was sealed.

Belongs here: what a published copy says of its seals, and when one is made.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.closing.early_copy import EarlyCopy, unlink_copy
from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.warehouse_copies import publish_copy, remove_old_copies
from pipelines.engines.duck import open_file, quoted
from pipelines.engines.engine import Engine
from pipelines.engines.parquet_tables import forget_months
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month


def record_seal(con: duckdb.DuckDBPyConnection, month: Month, seal: str) -> None:
    """Note in a warehouse which seal its rows of the month belong to, and write all of it down."""
    con.execute("delete from book.closes where close_month = $1", [month.text])
    con.execute("insert into book.closes values ($1, $2)", [month.text, seal])
    con.execute("checkpoint")


def publish_month(
    engine: Engine, copy: EarlyCopy | None, home: Home, month: Month, seal: str
) -> None:
    """Record a month's seal in the working file, whose connection is closed, and publish it."""
    con = engine.reader
    is_current = copy is not None and copy.is_current()
    home.at("before the seal is recorded")
    engine.commit(seal)
    record_seal(con, month, seal)
    con.close()
    home.at("the seal is recorded")
    publish_warehouse(home, month, seal, is_current)


def publish_warehouse(home: Home, month: Month, seal: str, is_copied: bool = False) -> None:
    """Have the link lead to a copy of the working file, which nobody has open.

    In: the last month that it has, and the month's seal. With `is_copied` an early copy is there
    already.
    """
    staged = EarlyCopy(home).file
    if not is_copied:
        unlink_copy(staged)
        shutil.copyfile(home.working_file, staged)
    with open_file(staged) as con:
        con.execute("delete from book.steps")  # they are of use to a close only
        record_seal(con, month, seal)
    publish_copy(home, staged, month, seal)


def publish_without(home: Home, month: Month) -> None:
    """Publish what is left when a month and all later ones are closed no more.

    No row of a rule's table is of them then. What was exported, and what became of it, stays as it
    was loaded last: nobody reads there that a month is closed.
    """
    sealed, staged = home.sealed_months(), EarlyCopy(home).file
    if not sealed or not _is_readable(home.published_file):
        home.published_file.unlink(missing_ok=True)
    else:
        unlink_copy(staged)
        shutil.copyfile(home.published_file, staged)
        with open_warehouse(staged) as con:
            forget_months(con, month.text)
            for table in _tables_by_month(con):
                con.execute(f"delete from {table} where close_month >= $1", [month.text])
            con.execute("checkpoint")
        publish_copy(home, staged, sealed[-1], digest_file(home.seal(sealed[-1])))
    remove_old_copies(home)


def _is_readable(path: Path) -> bool:
    try:
        with open_file(path, is_read_only=True) as con:
            con.execute("from book.closes limit 0")
    except (OSError, duckdb.Error):
        return False
    return True


def _tables_by_month(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables whose rows say of which close they are."""
    found = con.execute("""
        select schema_name, table_name
        from duckdb_columns() join duckdb_tables() using (schema_name, table_name)
        where column_name = 'close_month'
        order by all
    """).fetchall()
    return [f"{quoted(schema)}.{quoted(table)}" for schema, table in found]
