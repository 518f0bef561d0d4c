"""The analyst's desk for tests: a book and home with Dagster's history, in this process.

Belongs here: how a job is run and what has been noted is read. What is right is in the tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.events import DagsterEvent
from dagster._core.execution.api import execute_run_iterator

from pipelines.closing.home import Home
from pipelines.orchestration.definitions import define
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.history import keep_history
from pipelines.orchestration.keys import PARTITION_TAG
from pipelines.orchestration.month_list import keep_months

NOW = 1_800_000_000.0
Metadata = dict[str, Any]


def desk_of(folder: Path) -> Desk:
    """The desk over a folder with `book` and `home`."""
    return Desk(folder / "book", Home(folder / "home"))


def follow(desk: Desk, instance: dg.DagsterInstance) -> list[str]:
    """Bring the history to where the home is."""
    return keep_history(desk, instance, NOW)


def run_job(
    desk: Desk, instance: dg.DagsterInstance, job: str, month: str, *assets: str
) -> dg.ExecuteInProcessResult:
    """Run a job of a month, or some of its assets."""
    keep_months(instance, desk.book, desk.home)
    return define(desk.book, desk.home.folder).resolve_job_def(job).execute_in_process(
        partition_key=month, instance=instance, raise_on_error=False,
        asset_selection=[key_of(asset) for asset in assets] or None,
    )  # fmt: skip


def take_run(
    desk: Desk, instance: dg.DagsterInstance, job: str, month: str, *assets: str
) -> tuple[str, list[DagsterEvent]]:
    """Run a job as a process of the UI does, by its own executor; out: how it ended, its events."""
    keep_months(instance, desk.book, desk.home)
    defined = define(desk.book, desk.home.folder).resolve_job_def(job)
    if assets:
        defined = defined.get_subset(asset_selection={key_of(asset) for asset in assets})
    run = instance.create_run_for_job(
        defined, tags={PARTITION_TAG: month}, asset_selection=defined.asset_selection
    )
    events = list(execute_run_iterator(InMemoryJob(defined), run, instance))
    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    return ended.status.value, events


def key_of(asset: str) -> dg.AssetKey:
    """The key of `referral/assignments`."""
    return dg.AssetKey(asset.split("/"))


def noted(instance: dg.DagsterInstance, asset: str, month: str) -> Metadata | None:
    """What is shown of an asset's month; None where it is not made."""
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(key_of(asset), asset_partitions=[month]), limit=1
    ).records
    made = found[0].asset_materialization if found else None
    return None if made is None else plain(made.metadata)


def plain(metadata: Any) -> Metadata:
    """Metadata as plain values."""
    return {name: getattr(each, "value", each) for name, each in metadata.items()}


def checks_of(instance: dg.DagsterInstance, month: str) -> dict[tuple[str, str], bool]:
    """How each check of a month came out the last time."""
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as Table
    from sqlalchemy import select

    columns = Table.c.asset_key, Table.c.check_name, Table.c.execution_status
    with instance.event_log_storage.index_connection() as con:  # type: ignore[attr-defined]
        found = con.execute(
            select(*columns).where(Table.c.partition == month).order_by(Table.c.id)
        ).all()
    return {
        ("/".join(dg.AssetKey.from_db_string(key).path), name): status == "SUCCEEDED"  # type: ignore[union-attr]
        for key, name, status in found
        if status != "PLANNED"
    }
