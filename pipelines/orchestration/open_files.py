"""SQLite files of Dagster's history that stay open.

Belongs here: how a file is opened, and that what is written together is one transaction. Dagster
opens a file anew for each of a run's thousand events, and flushes each to the disk. Here the system
flushes: the files have a write-ahead log, so a machine that loses power loses the last moments of
the history and spoils nothing; what is closed is in the home, and the history is brought back to
it.
"""

from __future__ import annotations

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 60
# After how many pages of its log a file takes them in, with a flush to the disk: 32 MB. As it comes
# it is 4 MB, and a run does so ten times.
PAGES_OF_LOG = 8000
# Runs have a file each; of so many the last ones stay open.
OPEN_FILES = 4


class OpenFiles:
    """SQLite files that stay open for this process: the last ones used, one connection each."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Connection] = OrderedDict()
        self._process = os.getpid()
        self._lock = RLock()
        self._begun: dict[str, Connection] = {}
        self._kept: ExitStack | None = None

    @contextmanager
    def connection(self, address: str) -> Iterator[Connection]:
        """A transaction of a file's connection, for one thread at a time.

        Inside another of the same file, or of `together`, it is that one.
        """
        with self._lock:
            if address in self._begun:
                yield self._begun[address]
                return
            if self._kept is not None:
                yield self._kept.enter_context(self._transaction(address))
                return
            with self._transaction(address) as con:
                yield con

    @contextmanager
    def plain(self, address: str) -> Iterator[sqlite3.Connection]:
        """As `connection`, in the form of Python's own module for SQLite, which is quicker."""
        with self._lock:
            if address in self._begun or self._kept is not None:
                with self.connection(address) as con:
                    yield _plain(con)
                return
            con = self._begun[address] = self._open_file(address)
            try:
                yield _plain(con)
                con.commit()  # what was asked inside in the other form
                _plain(con).commit()
            except BaseException:
                con.rollback()
                _plain(con).rollback()
                raise
            finally:
                del self._begun[address]

    @contextmanager
    def _transaction(self, address: str) -> Iterator[Connection]:
        con = self._open_file(address)
        with con.begin():
            self._begun[address] = con
            try:
                yield con
            finally:
                del self._begun[address]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever is written inside is one transaction a file, committed at the end."""
        with self._lock, ExitStack() as kept:
            before, self._kept = self._kept, kept
            try:
                yield
            finally:
                self._kept = before

    def _open_file(self, address: str) -> Connection:
        if self._process != os.getpid():  # a connection is no good in a process that was forked
            self._open, self._process = OrderedDict(), os.getpid()
        if address not in self._open:
            self._open[address] = open_engine(address).connect()
        self._open.move_to_end(address)
        # One that a transaction has begun in stays: what it has written would be lost.
        idle = [each for each in self._open if each != address and each not in self._begun]
        for each in idle[: max(len(self._open) - OPEN_FILES, 0)]:
            self._end(self._open.pop(each))
        return self._open[address]

    def close(self) -> None:
        """Close all of them."""
        while self._open:
            self._end(self._open.popitem()[1])

    @staticmethod
    def _end(con: Connection) -> None:
        con.close()
        con.engine.dispose()


def _plain(con: Connection) -> sqlite3.Connection:
    opened = con.connection.driver_connection
    assert isinstance(opened, sqlite3.Connection)
    return opened


def address_of(path: Path) -> str:
    """A file's address. Dagster writes it as the path stands, which a `%20` in it spoils."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def open_engine(address: str) -> Engine:
    """An engine of one connection that leaves the flushing to the system."""
    engine = create_engine(
        address, poolclass=StaticPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.execute("pragma synchronous = normal").close()
    connection.execute(f"pragma wal_autocheckpoint = {PAGES_OF_LOG}").close()
