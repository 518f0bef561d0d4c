"""A run's events as rows of Dagster's SQLite files, put in by plain statements.

Belongs here: which rows an event leaves, as Dagster writes them; building each statement anew, as
Dagster does, takes longer than all else about an event. It leans on the tables as they are in the
version that pyproject.toml names; a test holds it to what Dagster writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from dagster._core.events.log import EventLogEntry

Kind = dg.DagsterEventType
# Events that leave a row in the run's own file, and no other.
OF_A_RUN = frozenset({
    Kind.ENGINE_EVENT, Kind.LOGS_CAPTURED, Kind.RESOURCE_INIT_STARTED, Kind.RESOURCE_INIT_SUCCESS,
    Kind.STEP_START, Kind.STEP_INPUT, Kind.STEP_OUTPUT, Kind.STEP_SUCCESS,
})  # fmt: skip
# Events that leave rows in the file of all assets too.
OF_ASSETS = frozenset({
    Kind.ASSET_MATERIALIZATION, Kind.ASSET_MATERIALIZATION_PLANNED,
    Kind.ASSET_CHECK_EVALUATION, Kind.ASSET_CHECK_EVALUATION_PLANNED,
})  # fmt: skip
EVENT = """
    insert into event_logs
        (run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition)
    values (?, ?, ?, ?, ?, ?, ?)
"""
TAG = """
    insert into asset_event_tags (event_id, asset_key, key, value, event_timestamp)
    values (?, ?, ?, ?, ?)
"""
MADE = """
    insert into asset_keys
        (asset_key, last_materialization, last_run_id, last_materialization_timestamp)
    values (?1, ?2, ?3, ?4)
    on conflict (asset_key) do update set
        last_materialization = ?2, last_run_id = ?3, last_materialization_timestamp = ?4
"""
PLANNED = """
    insert into asset_keys (asset_key, last_run_id, last_materialization_timestamp)
    values (?1, ?2, ?3)
    on conflict (asset_key) do update set last_run_id = ?2, last_materialization_timestamp = ?3
"""
CHECK_PLANNED = """
    insert into asset_check_executions
        (asset_key, check_name, partition, run_id, execution_status, evaluation_event,
        evaluation_event_timestamp, evaluation_event_storage_id)
    values (?, ?, ?, ?, 'PLANNED', ?, ?, ?)
"""
CHECKED = """
    update asset_check_executions set
        execution_status = ?, evaluation_event = ?, evaluation_event_timestamp = ?,
        evaluation_event_storage_id = ?, materialization_event_storage_id = ?
    where asset_key = ? and check_name = ? and run_id = ? and partition is ?
"""
COLUMNS = ("run_id", "event", "dagster_event_type", "timestamp", "step_key", "asset_key",
           "partition")  # fmt: skip


def as_stored(moment: float) -> str:
    """A time, in seconds since 1970, as the files hold it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def put_event(con: sqlite3.Connection, row: dict[str, Any], moment: str) -> int:
    """Put an event in; out: its number. In: its row as Dagster makes it, and its time."""
    values = [moment if name == "timestamp" else row[name] for name in COLUMNS]
    return con.execute(EVENT, values).lastrowid or 0


def put_tags(con: sqlite3.Connection, number: int, asset: str, tags: Iterable[tuple[str, str]],
             moment: str) -> None:  # fmt: skip
    """Put the tags in by which an asset's event is found."""
    con.executemany(TAG, [(number, asset, key, value, moment) for key, value in tags])


def record_text(number: int, text: str) -> str:
    """An event with its number as Dagster writes it. In: the event's own text."""
    return f'{{"__class__": "EventLogRecord", "event_log_entry": {text}, "storage_id": {number}}}'


def put_made(con: sqlite3.Connection, asset: str, text: str, run: str, moment: str) -> None:
    """Note an asset's last event. In: it with its number, as text."""
    con.execute(MADE, (asset, text, run, moment))


def put_planned(con: sqlite3.Connection, asset: str, run: str, moment: str) -> None:
    """Note that a run will make an asset."""
    con.execute(PLANNED, (asset, run, moment))


def put_check_planned(
    con: sqlite3.Connection, event: EventLogEntry, text: str, number: int, moment: str
) -> None:
    """Note that a run will look at a check of an asset, of each month that it is for."""
    planned: Any = event.dagster_event.event_specific_data if event.dagster_event else None
    subset = planned.partitions_subset
    months = subset.get_partition_keys() if subset else [None]
    asset = planned.asset_key.to_string()
    con.executemany(CHECK_PLANNED, [
        (asset, planned.check_name, month, event.run_id, text, moment, number) for month in months
    ])  # fmt: skip


def put_checked(
    con: sqlite3.Connection, event: EventLogEntry, text: str, number: int, moment: str
) -> bool:
    """Note how a check of an asset came out that the run had planned; out: whether it had."""
    told: Any = event.dagster_event.event_specific_data if event.dagster_event else None
    target = told.target_materialization_data
    values = (
        "SUCCEEDED" if told.passed else "FAILED", text, moment, number,
        target.storage_id if target else None,
        told.asset_key.to_string(), told.check_name, event.run_id, told.partition,
    )  # fmt: skip
    return con.execute(CHECKED, values).rowcount > 0
