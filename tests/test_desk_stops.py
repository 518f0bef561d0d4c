"""Why a month stopped, told where an analyst looks: in parts, in the UI's words, and by checks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from desk import checks_of, desk_of, follow, key_of, noted, plain, run_job

from pipelines.extracts.shapes import SHAPES
from pipelines.orchestration.checks import extract_specs, failed_model
from pipelines.orchestration.keys import STOPPED_TAG
from pipelines.orchestration.stops import OTHERWISE, read_stop
from pipelines.rules.faults import CheckFailed
from pipelines.rules.models import read_models

pytestmark = pytest.mark.long

SHARE = (
    "/b/2020-02/orders.csv: 24 of 60 rows would be quarantined, more than "
    "quality.max_quarantined_share = 0.05 allows (24 x type amount, first at line 2); correct the "
    "export, or raise the share if these rows are to be left out"
)


def test_a_share_that_was_passed_is_told_with_file_line_limit_and_figures() -> None:
    why = read_stop(SHARE)
    assert (why.file, why.line) == ("/b/2020-02/orders.csv", 2)
    assert (why.found, why.of, why.share, why.limit) == (24, 60, 0.4, 0.05)
    assert why.limit_name == "quality.max_quarantined_share"
    assert why.reason.endswith("first at line 2)")
    assert why.advice.startswith("correct the export, or raise")


@pytest.mark.parametrize(
    ("message", "reason", "advice"),
    [
        ("2020-01 is not closed yet; close it before 2020-03, or add --through to close every "
         "month up to 2020-03", "2020-01 is not closed yet",
         "close it before 2020-03; or launch the job close for every month up to 2020-03, the "
         "oldest first"),
        ("/b/2020-01 was changed during the close: orders.csv; leave it alone and close again",
         "/b/2020-01 was changed during the close: orders.csv",
         "leave it alone and close the whole month again"),
        ("referral.deals of 2020-01 cannot be made: extracts.orders has not been made for this "
         "month; make it first, or close the month as a whole",
         "referral/deals of 2020-01 cannot be made: extracts/orders has not been made for this "
         "month",
         "materialize it first, or close the whole month again"),
        ("something went wrong", "something went wrong", OTHERWISE),
    ],
)  # fmt: skip
def test_what_to_do_is_in_the_words_of_the_ui(message: str, reason: str, advice: str) -> None:
    why = read_stop(message)
    assert (why.reason, why.advice) == (reason, advice)
    assert "--" not in why.sentence


def test_no_address_is_told() -> None:
    assert "@" not in read_stop("owners: customer_email ann.b@x-y.com, owners 2").sentence


@pytest.fixture(scope="module")
def stopped(
    january: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult]]:
    """February with a bad file, and its close in Dagster."""
    folder = Path(
        shutil.copytree(january, tmp_path_factory.mktemp("stopped") / "mine", symlinks=True)
    )
    orders = folder / "book" / "2020-02" / "orders.csv"
    header, row, *_ = orders.read_text().splitlines()
    bad = [row.replace("O2,", f"O{number},", 1).replace("2020-02-10T", "soon ")
           for number in range(10, 30)]  # fmt: skip
    orders.write_text("\n".join([header, *bad]) + "\n")
    with dg.DagsterInstance.ephemeral() as instance:
        yield folder, instance, run_job(desk_of(folder), instance, "close", "2020-02")


def test_the_asset_says_why_it_stopped(
    stopped: tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult],
) -> None:
    folder, instance, result = stopped
    assert not result.success
    found = instance.fetch_observations(key_of("extracts/orders"), limit=1).records[0]
    observed = found.event_log_entry.dagster_event.event_specific_data.asset_observation  # type: ignore[union-attr]
    told = plain(observed.metadata)
    assert observed.partition == "2020-02"
    assert told["file"] == str(folder / "book" / "2020-02" / "orders.csv")
    assert (told["line"], told["found"], told["of"], told["limit"]) == (2, 20, 20, 0.05)
    assert told["what to do"].startswith("correct the export")


def test_its_checks_fail_and_no_others_are_touched(
    stopped: tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult],
) -> None:
    _, instance, _ = stopped
    found = checks_of(instance, "2020-02")
    failed = {check for check, passed in found.items() if not passed}
    assert {("extracts/orders", "quarantined_share"),
            ("extracts/orders", "nothing_stops_the_close")} <= failed  # fmt: skip
    assert found["extracts/members", "nothing_stops_the_close"]


def test_the_checks_that_had_nothing_to_look_at_say_so_and_none_failed_to_run(
    stopped: tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult],
) -> None:
    _, instance, result = stopped
    key = key_of("extracts/orders")
    told = {each.check_name: each for each in result.get_asset_check_evaluations()
            if each.asset_key == key}  # fmt: skip
    assert set(told) == {spec.name for spec in extract_specs(SHAPES["orders"])}
    near = told["near_the_last_three_months"]
    assert (near.passed, near.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "no rows of this month" in str(plain(near.metadata)["not looked at"])
    assert ("extracts/orders", "near_the_last_three_months") in checks_of(instance, "2020-02")


def test_of_a_rule_that_failed_the_other_checks_were_not_looked_at() -> None:
    [model] = [each for each in read_models() if each.table == "finance.reconciliation"]
    outcomes = failed_model(model, CheckFailed("x"), read_stop("x"))
    assert not any(each.passed for each in outcomes)
    assert {each.check.name: each.is_warning for each in outcomes} == {
        "difference_is_zero": False, "columns_as_declared": True,
    }  # fmt: skip


def test_what_does_not_depend_on_it_goes_on_and_what_does_stands_still(
    stopped: tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult],
) -> None:
    _, instance, _ = stopped
    assert noted(instance, "extracts/leads", "2020-02") is not None
    assert noted(instance, "finance/bv_ledger", "2020-02") is None
    assert noted(instance, "month/seal", "2020-02") is None


def test_the_run_and_the_status_say_it_too(
    stopped: tuple[Path, dg.DagsterInstance, dg.ExecuteInProcessResult],
) -> None:
    folder, instance, result = stopped
    run = instance.get_run_by_id(result.run_id)
    assert run is not None and "correct the export" in run.tags[STOPPED_TAG]
    follow(desk_of(folder), instance)
    event = instance.get_latest_materialization_event(key_of("month/status"))
    assert event is not None and event.asset_materialization is not None
    told = plain(event.asset_materialization.metadata)
    assert (told["next to close"], told["it waits for"]) == (
        "2020-02", "a correction, then its close",
    )  # fmt: skip
    assert "20 of 20 rows" in told["why it stopped"]


@pytest.mark.long
def test_a_month_out_of_turn_says_so_on_the_asset(mine: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_job(desk_of(mine), instance, "close", "2020-03", "extracts/members")
        assert not result.success
        run = instance.get_run_by_id(result.run_id)
        assert run is not None
        assert run.tags[STOPPED_TAG].startswith("2020-02 is not closed yet; close it before")
        assert "--through" not in run.tags[STOPPED_TAG]
