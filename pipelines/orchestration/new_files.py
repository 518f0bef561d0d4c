"""New files of Dagster's history, made in one transaction each.

Belongs here: making a file as Dagster makes it. Dagster does so table by table, with a flush to the
disk for each, after it has read all the forms that a file ever had: of every run again. What it
makes in the version that pyproject.toml names is kept in `empty_history.json`, to which a test
holds it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pipelines.orchestration.open_files import BUSY_SECONDS

Part = Literal["runs", "events", "schedules"]
TRIES_A_SECOND = 100
FILE = Path(__file__).with_name("empty_history.json")
MIGRATED = """
    insert into secondary_indexes (name, migration_completed)
    values (?, strftime('%Y-%m-%d %H:%M:%f000', 'now'))
"""


@cache
def _read() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return told


def make_file(path: Path, part: Part, is_of_a_run: bool = False) -> bool:
    """Make a file of the history unless it is there; out: whether it is in its form now.

    One of an older version is left to Dagster. A run's file has no marks of what was migrated.
    """
    told = _read()[part]
    with closing(sqlite3.connect(path, BUSY_SECONDS, isolation_level=None)) as con:
        if not _has_tables(con):
            _keep_log(con)
            con.execute("pragma synchronous = normal")
            with _alone(con):
                if not _has_tables(con):
                    for statement in told["statements"]:
                        con.execute(statement)
                    con.execute("insert into alembic_version values (?)", (_read()["revision"],))
                    if not is_of_a_run:
                        con.executemany(MIGRATED, [(name,) for name in told["migrated"]])
        return _has_revision(con)


def _keep_log(con: sqlite3.Connection) -> None:
    """Have a file keep a write-ahead log. SQLite waits for another process that reads it, and not
    for one that does the same, so the waiting is done here."""
    con.execute("pragma busy_timeout = 0")
    for tries_left in reversed(range(BUSY_SECONDS * TRIES_A_SECOND)):
        try:
            con.execute("pragma journal_mode = wal")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not tries_left:
                raise
            time.sleep(1 / TRIES_A_SECOND)
    con.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")


@contextmanager
def _alone(con: sqlite3.Connection) -> Iterator[None]:
    """A transaction that no other process writes beside."""
    con.execute("begin immediate")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _has_tables(con: sqlite3.Connection) -> bool:
    return con.execute("select 1 from sqlite_master limit 1").fetchone() is not None


def _has_revision(con: sqlite3.Connection) -> bool:
    """Whether a version of Dagster has said which form the file is in."""
    named = "select 1 from sqlite_master where name = 'alembic_version'"
    if con.execute(named).fetchone() is None:
        return False
    return con.execute("select 1 from alembic_version").fetchone() is not None
