"""Events about assets stored and taken back by the hundred, in one transaction of the storage.

Belongs here: what Dagster itself does one event at a time, with a flush to the disk for each, and
what it has no call for: taking back what was noted of a month. It leans on the storage's tables as
they are in the version that pyproject.toml names; a test holds it to what Dagster writes itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluation,
    AssetCheckEvaluationTargetMaterializationData,
)
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.instance.utils import RUNLESS_JOB_NAME, RUNLESS_RUN_ID
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetKeyTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._serdes import deserialize_value, serialize_value
from dagster_shared.record import replace
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

Events = Sequence["dg.AssetMaterialization | AssetCheckEvaluation"]
MADE = DagsterEventType.ASSET_MATERIALIZATION.value
NOTED = (
    MADE,
    DagsterEventType.ASSET_MATERIALIZATION_PLANNED.value,
    DagsterEventType.ASSET_CHECK_EVALUATION.value,
    DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value,
)
LOGS, CHECKS, KEYS = SqlEventLogStorageTable, AssetCheckExecutionsTable, AssetKeyTable


@contextmanager
def one_transaction(
    instance: dg.DagsterInstance,
) -> Iterator[tuple[SqlEventLogStorage, Connection]]:
    """The storage of events about assets, and a transaction of it."""
    storage = instance.event_log_storage
    assert isinstance(storage, SqlEventLogStorage)
    with storage.index_transaction() as con:
        yield storage, con


def store_together(
    storage: SqlEventLogStorage, con: Connection, events: Events, now: float
) -> None:
    """Store events of no run, as Dagster does one by one.

    A check's event must come after that of its asset, which it is about. In: the time as well, in
    seconds since 1970.
    """
    made: dict[tuple[str, str | None], int] = {}
    last: dict[str, tuple[EventLogEntry, int]] = {}
    for event in events:
        if isinstance(event, AssetCheckEvaluation):
            storage_id = made.get((event.asset_key.to_string(), event.partition))
            event = _aimed(event, storage_id, now)
        entry = _entry(event, now)
        row = storage._event_to_row(entry)
        [storage_id] = con.execute(insert(LOGS).values(row).returning(LOGS.c.id)).one()
        if isinstance(event, AssetCheckEvaluation):
            con.execute(insert(CHECKS).values(_check_row(entry, event, storage_id)))
            continue
        key = event.asset_key.to_string()
        made[key, event.partition] = storage_id
        last[key] = (entry, storage_id)
    for entry, storage_id in last.values():
        storage._store_asset_event(con, entry, storage_id)


def _aimed(event: AssetCheckEvaluation, storage_id: int | None, now: float) -> AssetCheckEvaluation:
    """A check's event that says which event of its asset it is about."""
    if storage_id is None:
        return event
    target = AssetCheckEvaluationTargetMaterializationData(
        storage_id=storage_id, run_id=RUNLESS_RUN_ID, timestamp=now
    )
    return replace(event, target_materialization_data=target)


def _entry(event: dg.AssetMaterialization | AssetCheckEvaluation, now: float) -> EventLogEntry:
    kind, data = DagsterEventType.ASSET_CHECK_EVALUATION, cast("Any", event)
    if isinstance(event, dg.AssetMaterialization):
        kind, data = DagsterEventType.ASSET_MATERIALIZATION, StepMaterializationData(event)
    told = DagsterEvent(kind.value, RUNLESS_JOB_NAME, event_specific_data=data)
    make: Any = EventLogEntry
    entry: EventLogEntry = make(
        error_info=None, level=logging.INFO, user_message="", run_id=RUNLESS_RUN_ID,
        timestamp=now, job_name=RUNLESS_JOB_NAME, dagster_event=told,
    )  # fmt: skip
    return entry


def _check_row(
    entry: EventLogEntry, event: AssetCheckEvaluation, storage_id: int
) -> dict[str, Any]:
    target = event.target_materialization_data
    return {
        "asset_key": event.asset_key.to_string(),
        "check_name": event.check_name,
        "run_id": RUNLESS_RUN_ID,
        "partition": event.partition,
        "execution_status": "SUCCEEDED" if event.passed else "FAILED",
        "evaluation_event": serialize_value(entry),
        "evaluation_event_timestamp": _utc(entry.timestamp),
        "evaluation_event_storage_id": storage_id,
        "materialization_event_storage_id": target.storage_id if target else None,
    }


def _utc(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC).replace(tzinfo=None)


def forget_together(
    storage: SqlEventLogStorage, con: Connection, months: Sequence[str], keys: Iterable[dg.AssetKey]
) -> None:
    """Take back what is noted of months: their assets' events, and how their checks came out.

    What a run has logged stays where each run has a log of its own.
    """
    names = [key.to_string() for key in keys]
    of_months = LOGS.c.asset_key.in_(names), LOGS.c.partition.in_(months)
    con.execute(delete(LOGS).where(*of_months, LOGS.c.dagster_event_type.in_(NOTED)))
    con.execute(delete(CHECKS).where(CHECKS.c.asset_key.in_(names), CHECKS.c.partition.in_(months)))
    con.execute(
        update(KEYS).where(KEYS.c.asset_key.in_(names))
        .values(last_materialization=None, cached_status_data=None)
    )  # fmt: skip
    latest = (
        select(func.max(LOGS.c.id))
        .where(LOGS.c.asset_key.in_(names), LOGS.c.dagster_event_type == MADE)
        .group_by(LOGS.c.asset_key)
    )
    left = con.execute(select(LOGS.c.id, LOGS.c.event).where(LOGS.c.id.in_(latest))).all()
    for storage_id, text in left:
        storage._store_asset_event(con, deserialize_value(text, EventLogEntry), storage_id)
