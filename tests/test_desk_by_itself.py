"""What the desk does by itself: months that come, trials, the close at night; and where each is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from desk import desk_of, follow, key_of, noted, plain, run_job
from upline_command import close

from pipelines.closing.home import Home
from pipelines.orchestration.definitions import define
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.month_list import NAME, keep_months, list_months
from pipelines.orchestration.month_status import MonthStatus, read_status
from pipelines.orchestration.sensors import QUIET_SECONDS

pytestmark = pytest.mark.long


def later() -> float:
    """When whatever a test has written is left alone for long enough."""
    return time.time() + QUIET_SECONDS + 60


def definitions(desk: Desk, clock: Callable[[], float] = later) -> dg.Definitions:
    return define(desk.book, desk.home.folder, clock=clock)


def tick(desk: Desk, instance: dg.DagsterInstance, name: str, **more: object) -> object:
    """What a sensor answers."""
    sensor = definitions(desk, **more).get_sensor_def(name)  # type: ignore[arg-type]
    return sensor(dg.build_sensor_context(instance=instance))


def at_night(desk: Desk, instance: dg.DagsterInstance) -> object:
    """What the schedule of the close answers."""
    schedule = definitions(desk).get_schedule_def("close_at_night")
    return schedule(dg.build_schedule_context(instance=instance))


def test_the_months_are_the_drops(mine: Path) -> None:
    desk = desk_of(mine)
    assert [month.text for month in list_months(desk.book, desk.home)] == [
        "2020-01", "2020-02", "2020-03",
    ]  # fmt: skip
    shutil.rmtree(desk.book / "2020-03")
    (desk.book / "2019-12").mkdir()
    (desk.book / "2020-13").mkdir()
    assert len(list_months(desk.book, desk.home)) == 2


def test_a_new_drop_is_a_new_month_and_what_is_none_is_taken_away(mine: Path) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        drop = desk.book / "2020-03"
        kept = drop.rename(mine / "to come")
        keep_months(instance, desk.book, desk.home)
        assert set(instance.get_dynamic_partitions(NAME)) == {"2020-01", "2020-02"}
        instance.add_dynamic_partitions(NAME, ["2031-01"])
        kept.rename(drop)
        told = tick(desk, instance, "follow_the_home")
        assert isinstance(told, dg.SkipReason) and "2020-03 has a drop" in str(told)
        assert set(instance.get_dynamic_partitions(NAME)) == {"2020-01", "2020-02", "2020-03"}


def test_a_book_that_is_away_takes_no_month_away(mine: Path) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        keep_months(instance, desk.book, desk.home)
        (mine / "book").rename(mine / "elsewhere")
        told = tick_without_book(desk, instance, mine)
        assert isinstance(told, dg.SkipReason) and "cannot be read now" in str(told)
        assert len(instance.get_dynamic_partitions(NAME)) == 3


def tick_without_book(desk: Desk, instance: dg.DagsterInstance, folder: Path) -> object:
    there = Desk(folder / "elsewhere", desk.home)
    sensor = definitions(there).get_sensor_def("follow_the_home")
    (folder / "elsewhere").rename(folder / "gone")
    return sensor(dg.build_sensor_context(instance=instance))


def test_a_complete_drop_is_tried_once_it_is_left_alone(mine: Path) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        waiting = tick(desk, instance, "try_a_complete_drop", clock=time.time)
        assert isinstance(waiting, dg.SkipReason) and "left alone" in str(waiting)
        first = tick(desk, instance, "try_a_complete_drop")
        assert isinstance(first, dg.RunRequest) and first.partition_key == "2020-02"
        again = tick(desk, instance, "try_a_complete_drop")
        assert isinstance(again, dg.RunRequest) and again.run_key == first.run_key
        (desk.book / "2020-02" / "orders.csv").touch()
        changed = tick(desk, instance, "try_a_complete_drop")
        assert isinstance(changed, dg.RunRequest) and changed.run_key != first.run_key
        (desk.book / "2020-02" / "orders.csv").unlink()
        told = tick(desk, instance, "try_a_complete_drop")
        assert isinstance(told, dg.SkipReason) and "orders.csv" in str(told)


def test_the_close_at_night_waits_for_a_person_where_the_policy_asks_for_signatures(
    mine: Path,
) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        request = at_night(desk, instance)
        assert isinstance(request, dg.RunRequest) and request.partition_key == "2020-02"
        own = desk.book / "2020-02" / "policy.toml"
        own.write_text(
            (desk.book / "policy.toml").read_text() + '[sign_off]\nsigners = "allowed"\n'
        )
        told = at_night(desk, instance)
        assert isinstance(told, dg.SkipReason) and "2020-02 waits for a person" in str(told)


def test_the_status_says_of_each_month_where_it_is_and_what_it_waits_for(mine: Path) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        found = {each.month: each for each in read_status(desk.book, desk.home, instance)}
    assert (found["2020-01"].state, found["2020-01"].waits_for) == ("closed", "nothing")
    assert found["2020-02"] == MonthStatus("2020-02", "open", "its close", "", "")
    assert found["2020-03"] == MonthStatus("2020-03", "open", "the close of 2020-02", "", "")


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_trial_is_shown_and_set_against_the_trial_before_and_the_close(mine: Path) -> None:
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        assert run_job(desk, instance, "trial", "2020-02").success
        made = noted(instance, "trial/reports", "2020-02")
        assert made is not None and made["orders posted"] == 80
        assert made["trial"] == "/trial/2020-02/index.html"
        nothing = noted(instance, "trial/differences", "2020-02")
        assert nothing is not None and nothing["compared with"].startswith("nothing")
        orders = desk.book / "2020-02" / "orders.csv"
        orders.write_text(orders.read_text().replace(",80", ",70"))
        assert run_job(desk, instance, "trial", "2020-02").success
        changed = noted(instance, "trial/differences", "2020-02")
        assert changed is not None and changed["compared with"] == "the trial before"
        assert changed["differences"] > 0
        folder = desk.home.folder / "trial" / "2020-02" / "differences"
        assert "the trial before" in (folder / "index.html").read_text()
        assert "finance/reconciliation.csv" in (folder / "differences.csv").read_text()
        assert not (desk.home.reports / "2020-02").exists()
        assert close("2020-02", desk.book, desk.home.folder).code == 0
        assert run_job(desk, instance, "trial", "2020-02").success
        same = noted(instance, "trial/differences", "2020-02")
        assert same is not None and same["compared with"] == "the month as it is closed"
        assert same["differences"] == 0


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("are_named", [True, False])
def test_a_run_that_also_closes_tries_nothing(mine: Path, are_named: bool) -> None:
    """Named asset by asset, or as all that the job has, which names none."""
    desk = desk_of(mine)
    with dg.DagsterInstance.ephemeral() as instance:
        keep_months(instance, desk.book, desk.home)
        job = define(desk.book, desk.home.folder).resolve_implicit_global_asset_job_def()
        named = [key_of("extracts/members"), key_of("trial/reports")]
        result = job.execute_in_process(
            partition_key="2020-02", instance=instance, raise_on_error=False,
            asset_selection=named if are_named else None,
        )  # fmt: skip
        assert result.success
        assert noted(instance, "trial/reports", "2020-02") is None
        assert noted(instance, "extracts/members", "2020-02") is not None


def test_following_a_home_twice_tells_nothing_new(three_months: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        desk = Desk(three_months / "book", Home(three_months / "home"))
        assert any("closed by the command line" in line for line in follow(desk, instance))
        assert follow(desk, instance) == []
        event = instance.get_latest_materialization_event(key_of("month/status"))
        assert event is not None and event.asset_materialization is not None
        assert plain(event.asset_materialization.metadata)["closed"] == 3
