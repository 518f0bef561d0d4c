"""Dagster's history, in our way of writing its files, answers as Dagster itself does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from desk import desk_of, key_of, run_job

from pipelines.orchestration.open_events import OpenEvents
from pipelines.orchestration.settings import settle_settings

pytestmark = pytest.mark.long
MONTHS = ("2020-01", "2020-02")
ASSETS = ("extracts/members", "extracts/orders", "extracts/order_lines")
Tags = Mapping[str, Mapping[str, str]]


@pytest.fixture
def events(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenEvents]:
    """The events of a desk in which a few assets were made, in the files that a home has."""
    settle_settings(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        assert run_job(desk_of(mine), instance, "close", "2020-02", *ASSETS).success
        assert isinstance(instance.event_log_storage, OpenEvents)
        yield instance.event_log_storage


def tags_of(storage: type[SqliteEventLogStorage], events: OpenEvents, asset: str) -> Tags:
    """An asset's tags by month, as one of the two answers."""
    return storage.get_latest_tags_by_partition(
        events, key_of(asset), dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION_TAG],
        MONTHS,
    )  # fmt: skip


def test_the_version_of_what_a_step_reads_is_the_one_that_dagster_finds(
    events: OpenEvents,
) -> None:
    for asset in ASSETS:
        told = tags_of(OpenEvents, events, asset)
        assert told == tags_of(SqliteEventLogStorage, events, asset)
        assert [*told] == ["2020-02"] and told["2020-02"][DATA_VERSION_TAG]
    assert tags_of(OpenEvents, events, "month/seal") == {}


def test_an_assets_last_event_is_the_one_that_dagster_finds_also_when_asked_again(
    events: OpenEvents, mine: Path
) -> None:
    keys = [key_of(asset) for asset in ASSETS]
    theirs = SqliteEventLogStorage.get_asset_records
    for asset in ASSETS:
        assert [*events.get_asset_records(keys)] == [*events.get_asset_records(keys)]
        assert run_job(desk_of(mine), dg.DagsterInstance.get(), "close", "2020-02", asset).success
        again = [*events.get_asset_records(keys)]
        fresh = OpenEvents(events._base_dir)
        assert again == [*theirs(fresh, keys)]


def test_what_somebody_wiped_counts_no_more(events: OpenEvents) -> None:
    assert len(events.get_asset_records([key_of("extracts/orders")])) == 1
    events.wipe_asset(key_of("extracts/orders"))
    assert events.get_asset_records([key_of("extracts/orders")]) == []
    assert tags_of(OpenEvents, events, "extracts/orders") == {}
    assert tags_of(OpenEvents, events, "extracts/members") != {}


def test_a_table_that_is_not_there_is_none(events: OpenEvents) -> None:
    assert events.has_table("event_logs") and not events.has_table("no_such_table")
    assert events.has_table("event_logs")
