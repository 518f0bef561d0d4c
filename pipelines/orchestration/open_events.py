"""The events of Dagster's history, in files that stay open.

Belongs here: what Dagster asks of a run's events a thousand times, answered from what is known or
by one plain query. Whatever else is asked, Dagster answers by itself. It leans on the tables as
they are in the version that pyproject.toml names; a test holds it to what Dagster answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.event_api import EventLogCursor, EventLogRecord, EventRecordsResult
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._serdes import deserialize_value
from sqlalchemy.engine import Connection

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
from pipelines.orchestration.open_files import OpenFiles, open_engine

# An asset that somebody wiped has details, and events that count no more.
WIPED = "select 1 from asset_keys where asset_key = ? and asset_details is not null"
RECORDS = """
    select id, asset_key, last_materialization, last_run_id, asset_details, cached_status_data
    from asset_keys where asset_key in ({}) order by asset_key
"""
LAST_MADE = """
    select id, event from event_logs
    where asset_key = ? and dagster_event_type = 'ASSET_MATERIALIZATION' and partition = ?
    order by id desc limit 1
"""
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
        self._last_made: dict[str, tuple[str | None, EventLogRecord | None]] = {}
        folder = Path(base_dir)
        folder.mkdir(parents=True, exist_ok=True)
        make_file(folder / f"{INDEX_SHARD_NAME}.db", "events")
        super().__init__(base_dir, inst_data)

    def _address(self, shard: str) -> str:
        """The address of a file, which is there with its tables then."""
        address = self.conn_string_for_shard(shard)
        if shard not in self._initialized_dbs:
            is_index = shard == INDEX_SHARD_NAME
            if not make_file(Path(self.path_for_shard(shard)), "events", not is_index):
                engine = open_engine(address)
                self._initdb(engine, for_index_shard=is_index)
                engine.dispose()
            self._initialized_dbs.add(shard)
        return address

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._files.connection(self._address(shard)) as con:
            yield con

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event: those that a run has by the hundred as plain rows, any other by Dagster's
        own way."""
        kind = event.dagster_event_type
        is_of_asset = kind in OF_ASSETS
        if not (is_of_asset or kind is None or kind in OF_A_RUN):
            super().store_event(event)
            return
        row, moment = self._event_to_row(event), as_stored(event.timestamp)
        with self._files.plain(self._address(event.run_id)) as con:
            put_event(con, row, moment)
        if is_of_asset:
            with self._files.plain(self._address(INDEX_SHARD_NAME)) as con:
                number = put_event(con, row, moment)
                self._put_asset(con, event, row, number, moment)

    def _put_asset(
        self, con: Any, event: EventLogEntry, row: Mapping[str, Any], number: int, moment: str
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

    def get_asset_records(
        self, asset_keys: Sequence[dg.AssetKey] | None = None
    ) -> Sequence[AssetRecord]:
        """What is known of assets: asked before each step of all that it reads. What this process
        has stored itself, or has read before, is not read from its text again."""
        if not asset_keys:
            return super().get_asset_records(asset_keys)
        query = RECORDS.format(", ".join("?" * len(asset_keys)))
        with self.index_connection() as con:
            names = tuple(key.to_string() for key in asset_keys)
            rows = [*con.exec_driver_sql(query, names).mappings()]
        if any(row["asset_details"] is not None for row in rows):  # one of them was wiped
            return super().get_asset_records(asset_keys)
        return [self._record(row) for row in rows]

    def _record(self, row: Mapping[str, Any]) -> AssetRecord:
        name = row["asset_key"]
        text, made = self._last_made.get(name, (None, None))
        if text is None or text != row["last_materialization"]:
            read = super()._get_latest_materialization_records([row])
            made = next(iter(read.values()), None)
            self._last_made[name] = (row["last_materialization"], made)
        return self._construct_asset_record_from_row(row, made, True)

    def fetch_materializations(
        self,
        records_filter: dg.AssetKey | dg.AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,
    ) -> EventRecordsResult:
        """The events by which an asset was made. The last one of a month, which is asked for twice
        a check, is put plainly."""
        if isinstance(records_filter, dg.AssetRecordsFilter) and limit == 1 and cursor is None:
            asset, months = records_filter.asset_key, records_filter.asset_partitions
            is_plain = records_filter == dg.AssetRecordsFilter(asset, asset_partitions=months)
            if is_plain and months and len(months) == 1 and not ascending:
                found = self._last_of_month(asset.to_string(), months[0])
                if found is not None:
                    place = EventLogCursor.from_storage_id(found.storage_id).to_string()
                    return EventRecordsResult([found], cursor=place, has_more=True)
        return super().fetch_materializations(records_filter, limit, cursor, ascending)

    def _last_of_month(self, asset: str, month: str) -> EventLogRecord | None:
        with self.index_connection() as con:
            if con.exec_driver_sql(WIPED, (asset,)).first() is not None:
                return None
            found = con.exec_driver_sql(LAST_MADE, (asset, month)).first()
        if found is None:
            return None
        number, text = found
        known, made = self._last_made.get(asset, (None, None))
        if known == record_text(number, text):
            return made
        return EventLogRecord(number, deserialize_value(text, EventLogEntry))

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
