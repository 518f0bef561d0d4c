"""The events of Dagster's history, asked quickly.

Belongs here: what Dagster asks of a run's events a thousand times, answered from what is known or
by one plain query. Whatever else is asked, Dagster answers by itself. It leans on the tables as
they are in the version that pyproject.toml names; a test holds it to what Dagster answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.event_api import EventLogCursor, EventLogRecord, EventRecordsResult
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.base import AssetRecord
from dagster._serdes import deserialize_value
from sqlalchemy.engine import Connection

from pipelines.orchestration.event_rows import record_text
from pipelines.orchestration.stored_events import StoredEvents

# An asset that somebody wiped has details, and events that count no more.
WIPED = "select 1 from asset_keys where asset_key = ? and asset_details is not null"
COLUMNS = ("id", "asset_key", "last_materialization", "last_run_id", "asset_details",
           "cached_status_data")  # fmt: skip
HAS_MONTH = "select 1 from dynamic_partitions where partitions_def_name = ? and partition = ?"
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


class OpenEvents(StoredEvents):
    """The events, with quick answers to what a run asks at each of its steps."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._known_tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Whether there is such a month: asked a thousand times a run, which is put plainly here.
        What was there may be gone: the sensor, in another process, takes months away."""
        self._check_partitions_table()
        asked = partitions_def_name, partition_key
        with self._index() as con:
            return con.execute(HAS_MONTH, asked).fetchone() is not None

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
            asked, kind, found = asset_key.to_string(), event_type.value, {}
            with self._index() as con:
                if con.execute(WIPED, (asked,)).fetchone() is None:
                    for month in asset_partitions:
                        tags = dict(con.execute(LAST_TAGS, (asked, kind, month)))
                        if kept := {key: tags[key] for key in tag_keys if key in tags}:
                            found[month] = kept
                    return found
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
        names = [key.to_string() for key in asset_keys]
        query = (
            f"select {', '.join(COLUMNS)} from asset_keys "
            f"where asset_key in ({', '.join('?' * len(names))}) order by asset_key"
        )
        with self._index() as con:
            found = con.execute(query, names).fetchall()
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
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
        """An asset's last event of a month; None also where Dagster has to look itself."""
        with self._index() as con:
            if con.execute(WIPED, (asset,)).fetchone() is not None:
                return None
            found = con.execute(LAST_MADE, (asset, month)).fetchone()
        if found is None:
            return None
        number, text = found
        known, made = self._last_made.get(asset, (None, None))
        if known == record_text(number, text):
            return made
        return EventLogRecord(number, deserialize_value(text, EventLogEntry))
