"""The warehouse file: where it is, how it is opened, how a table's month is replaced.

One process writes a private working file; what analysts open is a copy that is renamed into place.
Tables of the extracts are `drops.*` with the views `extracts.*` over them; every rule's table is
`<programme>.<table>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.extracts.shapes import SHAPES, Shape

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # No query leans on the order in which rows were written; keeping it takes memory.
    "preserve_insertion_order": "false",
    "storage_compatibility_version": "v1.4.0",
    "checkpoint_threshold": "16GiB",
}
# What the engine may hold before it goes on in a file: less on a machine that has little.
MOST_MEMORY_GIB = 6
KNOWN_MEMBERS = """
    create table if not exists drops.known_members (member_id varchar, drop_month varchar)
"""
# How the engine says that it could not write, whether a file, a commit or a checkpoint, or that the
# machine has too little memory.
MACHINE_ERRORS = (
    duckdb.IOException, duckdb.TransactionException, duckdb.FatalException,
    duckdb.OutOfMemoryException,
)  # fmt: skip
QUARANTINE = """
    create table if not exists quality.quarantine (
        drop_month varchar, "table" varchar, file varchar, line integer, key varchar,
        code varchar, "column" varchar, raw varchar
    );
    create table if not exists quality.notes (drop_month varchar, "table" varchar, note varchar);
    create table if not exists quality.loads (
        drop_month varchar, "table" varchar, file varchar, rows bigint, loaded bigint,
        known_already bigint, quarantined bigint
    );
"""


@contextmanager
def open_warehouse(
    path: Path | None, temporary: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a working file (None: in memory), always closed again.

    The tables and views of the extracts are there when it is handed out. A disk that is full or
    fails, or memory that does not suffice, is an OSError, whoever notices it.
    """
    try:
        with _connect(path, temporary) as con:
            yield con
    except MACHINE_ERRORS as error:
        raise OSError(str(error).splitlines()[0]) from error


@contextmanager
def _connect(path: Path | None, temporary: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(path) if path else ":memory:", config=dict(SETTINGS))
    try:
        if temporary is not None:
            con.execute("set temp_directory = $path", {"path": str(temporary)})
            _limit_memory(con)
        _create_extracts(con)
        yield con
    finally:
        con.close()


def _limit_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Hold the engine to MOST_MEMORY_GIB, or to its own limit where that is less."""
    [(allowed, unit)] = con.execute("""
        select cast(split_part(text, ' ', 1) as double), split_part(text, ' ', 2)
        from (select current_setting('memory_limit') as text)
    """).fetchall()
    if unit == "TiB" or (unit == "GiB" and allowed > MOST_MEMORY_GIB):
        con.execute(f"set memory_limit = '{MOST_MEMORY_GIB}GiB'")


def _create_extracts(con: duckdb.DuckDBPyConnection) -> None:
    for schema in ("drops", "extracts", "quality", "book"):
        con.execute(f"create schema if not exists {schema}")
    con.execute(QUARANTINE)
    for shape in SHAPES.values():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in shape.columns.items())
        con.execute(f"create table if not exists drops.{shape.table} ({columns})")
        con.execute(f"create view if not exists extracts.{shape.table} as {standing_rows(shape)}")
    con.execute(KNOWN_MEMBERS)


def standing_rows(shape: Shape) -> str:
    """The query for a table's rows as they stand now.

    A record's newest loaded row per key stands; an event's first was the only one loaded; of
    members there is one snapshot, the newest (contract 1, "Kinds of table").
    """
    if shape.kind != "record":
        return f"select * from drops.{shape.table}"
    key = ", ".join(shape.key)
    return (
        f"select * from drops.{shape.table} "
        f"qualify row_number() over (partition by {key} order by drop_month desc) = 1"
    )


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: commit at the end, roll back on any error."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
