"""Dagster's history in step with the home: what is closed is noted, what is not is taken back.

Belongs here: which months have to be noted or taken back, and what is noted of a closed month: the
same rows, figures and checks that a run of its close tells.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.orchestration.checks import Outcome, extract_outcomes, model_outcomes
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.event_store import forget_together, one_transaction, store_together
from pipelines.orchestration.keys import (
    BOOK,
    EXTRACT_KEYS,
    REPORTS,
    SEAL,
    STATUS,
    asset_key,
    extract_key,
)
from pipelines.orchestration.links import Links
from pipelines.orchestration.looked import Looked, look_at_sealed
from pipelines.orchestration.month_assets import seal_metadata, sealed_reports
from pipelines.orchestration.month_list import keep_months
from pipelines.orchestration.month_status import read_status, status_metadata
from pipelines.orchestration.program_models import program_models
from pipelines.orchestration.shown import (
    book_metadata,
    extract_metadata,
    load_of,
    model_metadata,
)
from pipelines.rules.models import Model

BY_COMMAND = "closed by the command line"
Event = dg.AssetMaterialization | dg.AssetCheckEvaluation


def is_at_rest(home: Home) -> bool:
    """Whether no command and no run is at work on the home at this moment."""
    try:
        with (home.work / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def keep_history(desk: Desk, instance: dg.DagsterInstance, now: float) -> list[str]:
    """Bring Dagster's history to where the home is; out: what was done, in words.

    In: also the time, in seconds since 1970. Stop or OSError where book or home cannot be read, and
    nothing was noted then.
    """
    told = [f"{month} has a drop" for month in keep_months(instance, desk.book, desk.home)]
    noted = noted_seals(instance)
    sealed = {month.text: digest_file(desk.home.seal(month)) for month in desk.home.sealed_months()}
    stale = sorted(month for month, seal in noted.items() if sealed.get(month) != seal)
    new = [Month(text) for text, seal in sealed.items() if noted.get(text) != seal]
    if stale or new:
        events = [*events_of(desk, new)] if new else []
        with one_transaction(instance) as (storage, con):
            forget_together(storage, con, [*{*stale, *(m.text for m in new)}], closing_keys())
            store_together(storage, con, events, now)
    told += [f"{month} is open again" for month in stale if month not in sealed]
    told += [f"{month} was {BY_COMMAND}" for month in new]
    return told + note_status(desk, instance)


def noted_seals(instance: dg.DagsterInstance) -> dict[str, str]:
    """The months that are noted as closed, each with the digest of the seal that was noted."""
    noted = {}
    for month in instance.get_materialized_partitions(SEAL):
        records = instance.fetch_materializations(
            dg.AssetRecordsFilter(SEAL, asset_partitions=[month]), limit=1
        ).records
        made = records[0].asset_materialization if records else None
        noted[month] = str(made.metadata["seal"].value) if made and "seal" in made.metadata else ""
    return noted


def closing_keys() -> list[dg.AssetKey]:
    """The assets that a close makes, in their order."""
    return [
        *EXTRACT_KEYS.values(),
        BOOK,
        *(asset_key(m.table) for m in program_models()),
        REPORTS,
        SEAL,
    ]


def events_of(desk: Desk, months: Sequence[Month]) -> Iterator[Event]:
    """What is noted of closed months, from what was published with their seals."""
    models = program_models()
    with look_at_sealed(desk.book, desk.home, list(months)) as looked:
        for each in looked:
            yield from month_events(desk, each, models)


def month_events(desk: Desk, looked: Looked, models: Sequence[Model]) -> Iterator[Event]:
    """What is noted of one closed month: every asset of its close, with its checks after it."""
    for table, shape in SHAPES.items():
        load = load_of(looked, table)
        yield _made(looked, extract_key(table), extract_metadata(looked, shape, load))
        yield from _checked(looked, extract_outcomes(looked, shape, load))
    yield _made(looked, BOOK, book_metadata(looked))
    for model in models:
        yield _made(
            looked, asset_key(model.table), model_metadata(looked, model, Links(desk.prefix))
        )
        yield from _checked(looked, model_outcomes(looked, model))
    yield _made(looked, REPORTS, sealed_reports(desk.home, looked.month, Links(desk.prefix)))
    yield _made(looked, SEAL, seal_metadata(desk.home, looked.month, Links(desk.prefix)))


def _made(looked: Looked, key: dg.AssetKey, metadata: dict[str, Any]) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(
        key, description=BY_COMMAND, partition=looked.month.text, metadata=metadata
    )


def _checked(looked: Looked, outcomes: Sequence[Outcome]) -> Iterator[dg.AssetCheckEvaluation]:
    for each in outcomes:
        yield dg.AssetCheckEvaluation(
            each.check.asset_key, each.check.name, each.passed, each.metadata,
            severity=each.severity, description=BY_COMMAND, partition=looked.month.text,
        )  # fmt: skip


def note_status(desk: Desk, instance: dg.DagsterInstance) -> list[str]:
    """Tell `month/status` anew where it has changed; out: that it was, in words."""
    metadata = status_metadata(read_status(desk.book, desk.home, instance), Links(desk.prefix))
    made = dg.AssetMaterialization(STATUS, metadata=metadata)
    last = instance.get_latest_materialization_event(STATUS)
    known = last.asset_materialization if last else None
    if known is not None and known.metadata == made.metadata:
        return []
    instance.report_runless_asset_event(made)
    return ["month/status was told anew"]
