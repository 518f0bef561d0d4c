"""DuckDB: how it is set up, opened, kept within its memory, and how it commits.

Belongs here: what is true of any DuckDB file of ours. Which tables one holds is said by
`extracts.warehouse` and by the models; how rules run in one by `duck_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

PARAMETER = re.compile(r"\$([a-z_]+)")
COMMENT = re.compile(r"--.*")
ORIGINAL = re.compile(r'^Original error: "(.*?)"?$', re.MULTILINE)

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
# What it is left of what it has read when it gives memory back.
LEFT_MIB = 64
# How the engine says that it could not write, whether a file, a commit or a checkpoint, or that the
# machine has too little memory.
MACHINE_ERRORS = (
    duckdb.IOException, duckdb.TransactionException, duckdb.FatalException,
    duckdb.OutOfMemoryException,
)  # fmt: skip


@contextmanager
def open_file(
    path: Path | None, temporary: Path | None = None, is_read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a file (None: in memory), always closed again.

    In: the file, and a folder for what does not fit into memory. A disk that is full or fails, or
    memory that does not suffice, is an OSError, whoever notices it.
    """
    try:
        # An absolute path is a file's, whatever its name looks like to the engine.
        place = str(path.absolute()) if path else ":memory:"
        con = duckdb.connect(place, read_only=is_read_only, config=dict(SETTINGS))
        try:
            _be_silent(con)
            if temporary is not None:
                con.execute("set temp_directory = $path", {"path": str(temporary.absolute())})
                _limit_memory(con)
            yield con
        finally:
            con.close()
    except MACHINE_ERRORS as error:
        raise OSError(_first_told(error)) from error


def _first_told(error: duckdb.Error) -> str:
    """What went wrong first: an engine that could not write something down refuses all that is
    asked of it afterwards, and says so before it says why."""
    original = ORIGINAL.search(str(error))
    return original[1] if original else str(error).splitlines()[0]


@contextmanager
def another_connection(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for another thread to what one has open, closed at the end."""
    with con.cursor() as own:
        _be_silent(own)
        yield own


def _be_silent(con: duckdb.DuckDBPyConnection) -> None:
    """In a process without a file of its own the engine would print how far a query is."""
    con.execute("set enable_progress_bar = false")


def _limit_memory(con: duckdb.DuckDBPyConnection) -> None:
    """Hold the engine to MOST_MEMORY_GIB, or to its own limit where that is less."""
    if _gib(_memory_limit(con)) > MOST_MEMORY_GIB:
        con.execute(f"set memory_limit = '{MOST_MEMORY_GIB}GiB'")


def _memory_limit(con: duckdb.DuckDBPyConnection) -> str:
    [(limit,)] = con.execute("select current_setting('memory_limit')").fetchall()
    return str(limit)


def _gib(told: str) -> float:
    """An amount of memory as the engine tells it, such as "5.9 GiB"; what is less than one is 0."""
    allowed, unit = told.split()
    return float(allowed) * {"TiB": 1024, "GiB": 1}.get(unit, 0)


@contextmanager
def less_memory(con: duckdb.DuckDBPyConnection, most_gib: int) -> Iterator[None]:
    """Hold the engine to less than its limit, where that is more, for a while."""
    before = _memory_limit(con)
    if _gib(before) <= most_gib:
        yield
        return
    con.execute(f"set memory_limit = '{most_gib}GiB'")
    try:
        yield
    finally:
        con.execute(f"set memory_limit = '{_told_as(before)}'")


def give_memory_back(con: duckdb.DuckDBPyConnection) -> None:
    """Have the engine let go of what it has read and can read again: it would keep that for ever.

    Nothing else may run on it meanwhile.
    """
    [(before, held)] = con.execute("""
        select current_setting('memory_limit'), cast(sum(memory_usage_bytes) as bigint)
        from duckdb_memory()
        where tag <> 'BASE_TABLE'
    """).fetchall()
    # What it has not written yet stays: less would have it written into a file of its own.
    with suppress(duckdb.OutOfMemoryException):
        con.execute(f"set memory_limit = '{(held >> 20) + LEFT_MIB}MiB'")
    con.execute(f"set memory_limit = '{_told_as(before)}'")


def _told_as(told: str) -> str:
    """A limit that the engine tells as so much: it leaves out what is less than a tenth, and would
    tell of what it has told a tenth less each time."""
    allowed, unit = told.split()
    return f"{float(allowed) + 0.01:.2f} {unit}"


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


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def named_parameters(query: str) -> tuple[str, ...]:
    """The parameters that a query names, comments apart."""
    return tuple(sorted(set(PARAMETER.findall(COMMENT.sub("", query)))))


def run(
    con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]
) -> duckdb.DuckDBPyConnection:
    """Run a query with the parameters that it names; one that has no value is null."""
    named = {name: values.get(name) for name in named_parameters(query)}
    return con.execute(query, named) if named else con.execute(query)


def describe(
    con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]
) -> dict[str, str]:
    """The columns of a query with their types; it is not run."""
    described = run(con, f"describe {query}", values).fetchall()
    return {name: kind for name, kind, *_ in described}
