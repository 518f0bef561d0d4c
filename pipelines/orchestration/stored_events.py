"""The events of Dagster's history, written into files that stay open.

Belongs here: how an event is stored, and what holds the files. It leans on the tables as they are
in the version that pyproject.toml names; a test holds it to what Dagster writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.event_api import EventHandlerFn, EventLogRecord
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from sqlalchemy.engine import Connection
from watchdog.observers import Observer

from pipelines.orchestration.event_rows import (
    OF_A_RUN,
    OF_ASSETS,
    Kind,
    as_stored,
    put_check_planned,
    put_checked,
    put_event,
    put_made,
    put_planned,
    put_tags,
    record_text,
)
from pipelines.orchestration.new_files import make_file
from pipelines.orchestration.open_files import OpenFiles, address_of, open_engine
from pipelines.orchestration.watched_run import WatchedRun


class StoredEvents(SqliteEventLogStorage):
    """The events, in files that stay open: one of all assets, and one a run."""

    _obs: Any  # what watches the folder, once somebody has asked for it

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._files = OpenFiles()
        self._addresses: dict[str, str] = {}
        # Each asset's last event as read or stored here, with the text that it has in the file.
        self._last_made: dict[str, tuple[str | None, EventLogRecord | None]] = {}
        folder = Path(base_dir)
        folder.mkdir(parents=True, exist_ok=True)
        make_file(folder / f"{INDEX_SHARD_NAME}.db", "events")
        super().__init__(base_dir, inst_data)

    def conn_string_for_shard(self, shard_name: str) -> str:
        """The address of a file, there or not."""
        return address_of(Path(self.path_for_shard(shard_name)))

    def _address(self, shard: str) -> str:
        """The address of a file, which is there with its tables then."""
        if shard not in self._addresses:
            is_index = shard == INDEX_SHARD_NAME
            address = self.conn_string_for_shard(shard)
            if not make_file(Path(self.path_for_shard(shard)), "events", not is_index):
                engine = open_engine(address)
                self._initdb(engine, for_index_shard=is_index)
                engine.dispose()
            self._initialized_dbs.add(shard)
            self._addresses[shard] = address
        return self._addresses[shard]

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._files.connection(self._address(shard)) as con:
            yield con

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the file of all assets."""
        with self._files.plain(self._address(INDEX_SHARD_NAME)) as con:
            yield con

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event: those that a run has by the hundred as plain rows, any other by Dagster's
        own way."""
        kind = event.dagster_event_type
        if not (kind is None or kind in OF_A_RUN or kind in OF_ASSETS):
            super().store_event(event)
            return
        row, moment = self._event_to_row(event), as_stored(event.timestamp)
        with self._files.plain(self._address(event.run_id)) as con:
            put_event(con, row, moment)
        if kind in OF_ASSETS:
            with self._index() as con:
                number = put_event(con, row, moment)
                self._put_asset(con, event, row, number, moment)

    def _put_asset(
        self,
        con: sqlite3.Connection,
        event: EventLogEntry,
        row: Mapping[str, Any],
        number: int,
        moment: str,
    ) -> None:
        """Put in what an event, put in already, says of its asset or check."""
        text, asset = row["event"], row["asset_key"]
        match event.dagster_event_type:
            case Kind.ASSET_MATERIALIZATION_PLANNED:
                put_planned(con, asset, event.run_id, moment)
            case Kind.ASSET_CHECK_EVALUATION_PLANNED:
                put_check_planned(con, event, text, number, moment)
            case Kind.ASSET_CHECK_EVALUATION:
                if not event.run_id or not put_checked(con, event, text, number, moment):
                    self.store_asset_check_event(event, number)
            case _:
                tags = self._tags_for_asset_event(event)
                put_tags(con, number, asset, tags.items(), moment)
                made = record_text(number, text)
                put_made(con, asset, made, event.run_id, moment)
                self._last_made[asset] = (made, EventLogRecord(number, event))

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction: what a run plans, or a step tells of its assets."""
        with self._files.together():
            for each in events:
                self.store_event(each)

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Call back with a run's events that are stored from now on, or after a cursor."""
        if not self._obs:
            self._obs = Observer()
            self._obs.start()
        watched = WatchedRun(self, run_id, callback, cursor)
        place = self._obs.schedule(watched, self._base_dir)
        self._watchers[run_id][callback] = (watched, place)

    def wipe(self) -> None:
        """Take away all events, and the files of runs."""
        self._files.close()
        self._addresses.clear()
        self._last_made.clear()
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        self._files.close()
