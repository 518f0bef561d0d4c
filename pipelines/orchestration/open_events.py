"""The events of Dagster's history, in files that stay open.

Belongs here: what Dagster asks of a run's events a thousand times, answered from what is known or
by one plain query. Whatever else is asked, Dagster answers by itself. It leans on the tables as
they are in the version that pyproject.toml names; a test holds it to what Dagster answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg
from dagster._core.event_api import EventLogRecord
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from sqlalchemy.engine import Connection

from pipelines.orchestration.open_files import OpenFiles, open_engine

# An asset that somebody wiped has details, and events that count no more.
WIPED = "select 1 from asset_keys where asset_key = ? and asset_details is not null"
LAST_TAGS = """
    select key, value from asset_event_tags
    where event_id = (
        select max(id) from event_logs
        where asset_key = ? and dagster_event_type = ? and partition = ?
    )
"""


class OpenEvents(SqliteEventLogStorage):
    """The events, in files that stay open: one of all assets, and one a run."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._files = OpenFiles()
        self._known_partitions: set[tuple[str, str]] = set()
        self._known_tables: set[str] = set()
        self._last_made: dict[dg.AssetKey, tuple[str | None, EventLogRecord | None]] = {}
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

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        """Whether the assets have a column, which the files of this version of Dagster do."""
        name = f"asset_keys.{column_name}"
        if name not in self._known_tables:
            if not super()._has_asset_key_col_on_connection(conn, column_name):
                return False
            self._known_tables.add(name)
        return True

    def has_table(self, table_name: str) -> bool:
        """Whether there is such a table; asked of each event, and what was there stays."""
        if table_name not in self._known_tables:
            if not super().has_table(table_name):
                return False
            self._known_tables.add(table_name)
        return True

    def get_latest_tags_by_partition(
        self,
        asset_key: dg.AssetKey,
        event_type: dg.DagsterEventType,
        tag_keys: Sequence[str],
        asset_partitions: Sequence[str] | None = None,
        before_cursor: int | None = None,
        after_cursor: int | None = None,
    ) -> Mapping[str, Mapping[str, str]]:
        """The tags of an asset's last event of a month: asked before each step for each table that
        it reads, which is put plainly here. Whatever else is asked, Dagster answers."""
        if asset_partitions and before_cursor is None and after_cursor is None:
            asked = asset_key.to_string()
            with self.index_connection() as con:
                if con.exec_driver_sql(WIPED, (asked,)).first() is None:
                    return {
                        month: tags
                        for month in asset_partitions
                        if (tags := _last_tags(con, asked, event_type.value, month, tag_keys))
                    }
        return super().get_latest_tags_by_partition(
            asset_key, event_type, tag_keys, asset_partitions, before_cursor, after_cursor
        )

    def _get_latest_materialization_records(
        self, raw_asset_rows: Iterable[Any]
    ) -> Mapping[dg.AssetKey, EventLogRecord | None]:
        """The last event of each asset, read from its text once: a run asks for it at each step."""
        found: dict[dg.AssetKey, EventLogRecord | None] = {}
        others = []
        for row in raw_asset_rows:
            key, text = _key(row), row["last_materialization"]
            known, record = self._last_made.get(key, (None, None))
            if text is not None and text == known and row["asset_details"] is None:
                found[key] = record
            else:
                others.append(row)
        if not others:
            return found
        read = super()._get_latest_materialization_records(others)
        self._last_made |= {
            _key(row): (row["last_materialization"], read.get(_key(row))) for row in others
        }
        return found | {**read}

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Take a month away."""
        self._known_partitions.discard((partitions_def_name, partition_key))
        super().delete_dynamic_partition(partitions_def_name, partition_key)

    def dispose(self) -> None:
        """Close them."""
        super().dispose()
        self._files.close()


def _last_tags(
    con: Connection, asset: str, event: str, month: str, keys: Sequence[str]
) -> dict[str, str]:
    found = con.exec_driver_sql(LAST_TAGS, (asset, event, month))
    return {key: value for key, value in found if key in keys}


def _key(row: Any) -> dg.AssetKey:
    key = dg.AssetKey.from_db_string(row["asset_key"])
    assert key is not None
    return key
