"""The desk tells of a closed month what is sealed, whoever closed it, and takes back others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from desk import checks_of, desk_of, follow, noted, run_job
from upline_command import close, upline

from pipelines.closing.home import Home
from pipelines.closing.inputs import digest_file
from pipelines.closing.lock import lock_home
from pipelines.months import Month
from pipelines.orchestration.event_store import one_transaction, store_together
from pipelines.orchestration.history import closing_keys, is_at_rest
from pipelines.orchestration.keys import SEAL

pytestmark = pytest.mark.long

MONTHS = ("2020-01", "2020-02", "2020-03")


@pytest.fixture(scope="module")
def followed(three_months: Path) -> Iterator[dg.DagsterInstance]:
    """The history of three months that the command line has closed."""
    with dg.DagsterInstance.ephemeral() as instance:
        follow(desk_of(three_months), instance)
        yield instance


@pytest.mark.long
def test_months_closed_by_the_command_line_are_noted_with_all_their_assets(
    followed: dg.DagsterInstance,
) -> None:
    for key in closing_keys():
        assert followed.get_materialized_partitions(key) == set(MONTHS), key


def test_what_is_noted_has_rows_figures_and_the_seal(
    followed: dg.DagsterInstance, three_months: Path
) -> None:
    orders = noted(followed, "extracts/orders", "2020-02")
    assert orders is not None
    assert (orders["dagster/row_count"], orders["file"], orders["BV"]) == (1, "orders.csv", 80)
    lines = noted(followed, "finance/reconciliation", "2020-02")
    assert lines is not None and lines["orders posted"] == 80 and lines["difference"] == 0
    seal = noted(followed, "month/seal", "2020-02")
    path = Home(three_months / "home").seal(Month("2020-02"))
    assert seal is not None and seal["seal"] == digest_file(path)


def test_what_is_followed_already_is_not_noted_again(
    followed: dg.DagsterInstance, three_months: Path
) -> None:
    assert follow(desk_of(three_months), followed) == []


def test_checks_are_noted_by_month(followed: dg.DagsterInstance) -> None:
    for month in MONTHS:
        found = checks_of(followed, month)
        assert found["finance/reconciliation", "difference_is_zero"]
        assert found["extracts/orders", "quarantined_share"]
        assert found["inactivity/removed", "share_within_limit"]


def test_what_only_the_month_in_work_keeps_is_said_of_earlier_months(
    followed: dg.DagsterInstance,
) -> None:
    last, before = (noted(followed, "finance/totals", month) for month in ("2020-03", "2020-01"))
    assert last is not None and last["dagster/row_count"] == 1
    assert before is not None and "only the month in work" in before["rows"]


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_closed_month_made_again_says_what_was_noted_of_it(
    mine: Path, followed: dg.DagsterInstance
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        desk = desk_of(mine)
        follow(desk, instance)
        before = {key: noted(instance, key.to_user_string(), "2020-01") for key in closing_keys()}
        outcomes = checks_of(instance, "2020-01")
        seal = digest_file(desk.home.seal(Month("2020-01")))
        result = run_job(desk, instance, "close", "2020-01")
        assert result.success
        for key in closing_keys():
            assert noted(instance, key.to_user_string(), "2020-01") == before[key], key
        assert checks_of(instance, "2020-01") == outcomes
        assert digest_file(desk.home.seal(Month("2020-01"))) == seal
        assert follow(desk, instance) == []


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_warning_stays_a_warning_when_a_closed_month_is_made_again(mine: Path) -> None:
    """January has no bad row; February gets one, closed in Dagster, and is made again."""
    orders = mine / "book" / "2020-02" / "orders.csv"
    orders.write_text(orders.read_text() + f"O99{',' * 13}\n")
    with dg.DagsterInstance.ephemeral() as instance:
        desk = desk_of(mine)
        asked = ("extracts/orders", "quarantined_share")
        for _ in range(2):
            assert run_job(desk, instance, "close", "2020-02").success
            assert checks_of(instance, "2020-02")[asked] is False
            made = noted(instance, "extracts/orders", "2020-02")
            assert made is not None and made["quarantined"] == 1


@pytest.mark.exhaustive
@pytest.mark.long
def test_reopened_months_are_taken_back_and_noted_again_when_closed(
    three_months: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(three_months, tmp_path / "mine", symlinks=True))
    desk = desk_of(folder)
    with dg.DagsterInstance.ephemeral() as instance:
        follow(desk, instance)
        assert upline("reopen", "2020-02", "--home", desk.home.folder, "--reason", "x").code == 0
        told = follow(desk, instance)
        assert {"2020-02 is open again", "2020-03 is open again"} <= set(told)
        for key in closing_keys():
            assert instance.get_materialized_partitions(key) == {"2020-01"}, key
        assert checks_of(instance, "2020-02") == {}
        latest = instance.get_latest_materialization_event(SEAL)
        assert latest is not None and latest.asset_materialization is not None
        assert latest.asset_materialization.partition == "2020-01"
        assert close("2020-02", desk.book, desk.home.folder).code == 0
        assert "2020-02 was closed by the command line" in follow(desk, instance)
        seal = noted(instance, "month/seal", "2020-02")
        assert seal is not None and seal["reopened because"] == "x"


def test_nothing_is_followed_while_somebody_holds_the_home(mine: Path) -> None:
    home = desk_of(mine).home
    assert is_at_rest(home)
    with lock_home(home, lambda text: None):
        assert not is_at_rest(home)
    assert is_at_rest(home)


def test_events_stored_together_are_what_dagster_stores_one_by_one() -> None:
    key = dg.AssetKey(["a", "b"])
    events: list[dg.AssetMaterialization | dg.AssetCheckEvaluation] = [
        dg.AssetMaterialization(key, partition="2020-01", metadata={"rows": 1}),
        dg.AssetCheckEvaluation(key, "c", False, {"n": 2}, partition="2020-01"),
    ]
    stored = []
    for together in (True, False):
        with dg.DagsterInstance.ephemeral() as instance:
            if together:
                with one_transaction(instance) as (storage, con):
                    store_together(storage, con, events, 5.0)
            else:
                for event in events:
                    instance.report_runless_asset_event(event)
            made = instance.get_latest_materialization_event(key)
            assert made is not None
            stored.append((
                made.asset_materialization, made.run_id, made.job_name,
                instance.get_materialized_partitions(key), checks_of(instance, "2020-01"),
                instance.has_asset_key(key),
            ))  # fmt: skip
    assert stored[0] == stored[1]
