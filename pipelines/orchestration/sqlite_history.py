"""Dagster's history in its usual SQLite files, written fast: `storage` of the dagster.yaml we ship.

Belongs here: how the files are opened. Dagster opens a file anew for each of a run's thousand
events, and flushes each to the disk. Here a file stays open, and the system flushes: the files have
a write-ahead log, so a machine that loses power loses the last moments of the history and spoils
nothing; what is closed is in the home, and the history is brought back to it. What the files hold
is Dagster's own form, so that it can read them without this module.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

BUSY_SECONDS = 60
# Runs have a file each; of so many the last ones stay open.
OPEN_FILES = 4


class OpenFiles:
    """SQLite files that stay open for this process: the last ones used, one connection each."""

    def __init__(self) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
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
    def _transaction(self, address: str) -> Iterator[Connection]:
        with self._engine(address).connect() as con, con.begin():
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

    def _engine(self, address: str) -> Engine:
        if self._process != os.getpid():  # a connection is no good in a process that was forked
            self._engines, self._process = OrderedDict(), os.getpid()
        if address not in self._engines:
            self._engines[address] = open_engine(address)
        self._engines.move_to_end(address)
        while len(self._engines) > OPEN_FILES:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[address]

    def close(self) -> None:
        """Close all of them."""
        while self._engines:
            self._engines.popitem()[1].dispose()


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


class OpenRuns(SqliteRunStorage):
    """The runs, in a file that stays open."""

    def __init__(self, conn_string: str, inst_data: Any = None) -> None:
        self._files = OpenFiles()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction."""
        with self._files.connection(self._conn_string) as con:
            yield con

    def dispose(self) -> None:
        """Close it."""
        self._files.close()


class OpenEvents(SqliteEventLogStorage):
    """The events, in files that stay open: one of all assets, and one a run."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._files = OpenFiles()
        self._known_partitions: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        address = self.conn_string_for_shard(shard)
        if shard not in self._initialized_dbs:
            engine = open_engine(address)
            self._initdb(engine, for_index_shard=shard == INDEX_SHARD_NAME)
            engine.dispose()
            self._initialized_dbs.add(shard)
        with self._files.connection(address) as con:
            yield con

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction: what a run plans, or a step tells of its assets."""
        with self._files.together():
            for each in events:
                self.store_event(each)

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Whether there is such a month; asked a thousand times a run, and what was there stays."""
        asked = (partitions_def_name, partition_key)
        if asked not in self._known_partitions:
            if not super().has_dynamic_partition(partitions_def_name, partition_key):
                return False
            self._known_partitions.add(asked)
        return True

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Take a month away."""
        self._known_partitions.discard((partitions_def_name, partition_key))
        super().delete_dynamic_partition(partitions_def_name, partition_key)

    def dispose(self) -> None:
        """Close them."""
        super().dispose()
        self._files.close()


class SqliteHistory(DagsterSqliteStorage):
    """All of Dagster's history, where Dagster keeps it by default."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        folder = Path(base_dir)
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._run_storage = OpenRuns.from_local(f"{folder / 'history'}/")
        self._event_log_storage = OpenEvents(f"{folder / 'history' / 'runs'}/")
        self._schedule_storage = SqliteScheduleStorage.from_local(str(folder / "schedules"))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> SqliteHistory:
        """The storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)
