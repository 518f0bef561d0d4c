"""The whole close through Dagster: the same bytes as the command line, and its refusals."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from conftest import SAMPLE

from pipelines.orchestration.definitions import define
from pipelines.rules.models import read_models


def run(
    home: Path, job: str, month: str, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    return define(SAMPLE, home).get_job_def(job).execute_in_process(
        partition_key=month, instance=instance, raise_on_error=False
    )  # fmt: skip


@pytest.fixture(scope="module")
def closed_by_dagster(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dg.ExecuteInProcessResult]:
    home = tmp_path_factory.mktemp("dagster") / "home"
    with dg.DagsterInstance.ephemeral() as instance:
        results = [run(home, "close", month, instance) for month in ("2020-01", "2020-02")]
    assert all(result.success for result in results)
    return home, results[-1]


def test_the_command_does_without_dagster(tmp_path: Path) -> None:
    program = (
        "import sys; from pipelines.command_line import main\n"
        "code = main(sys.argv[1:]); print('dagster' in sys.modules); sys.exit(code)"
    )
    close = ["close", "2020-01", "--book", str(SAMPLE), "--home", str(tmp_path / "home")]
    found = subprocess.run(
        [sys.executable, "-c", program, *close], capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "False"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


@pytest.mark.long
def test_a_close_in_dagster_gives_the_bytes_of_the_command_line(
    closed_by_dagster: tuple[Path, dg.ExecuteInProcessResult], closed_sample: Path
) -> None:
    home, _ = closed_by_dagster
    for month in ("2020-01", "2020-02"):
        assert files(home / "reports" / month) == files(closed_sample / "reports" / month)


@pytest.mark.long
def test_every_table_is_materialized_and_every_check_reported(
    closed_by_dagster: tuple[Path, dg.ExecuteInProcessResult],
) -> None:
    _, result = closed_by_dagster
    made = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()
            if event.asset_key}  # fmt: skip
    models = read_models()
    assert {model.table.replace(".", "/") for model in models} <= made
    checks = {evaluation.asset_key.to_user_string(): evaluation.passed
              for evaluation in result.get_asset_check_evaluations()}  # fmt: skip
    assert {model.table.replace(".", "/") for model in models if model.check} <= set(checks)
    assert checks["finance/reconciliation"]


@pytest.mark.long
def test_a_closed_month_stays_as_it_is(
    closed_by_dagster: tuple[Path, dg.ExecuteInProcessResult],
) -> None:
    home, _ = closed_by_dagster
    before = files(home / "reports")
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(home, "close", "2020-01", instance).success
    assert files(home / "reports") == before


@pytest.mark.long
def test_a_month_out_of_turn_is_refused(
    closed_by_dagster: tuple[Path, dg.ExecuteInProcessResult],
) -> None:
    home, _ = closed_by_dagster
    with dg.DagsterInstance.ephemeral() as instance:
        assert not run(home, "close", "2020-04", instance).success
    assert not (home / "reports" / "2020-04").exists()


@pytest.mark.long
def test_a_trial_leaves_the_closed_months_alone(
    closed_by_dagster: tuple[Path, dg.ExecuteInProcessResult],
) -> None:
    home, _ = closed_by_dagster
    before = files(home / "reports")
    with dg.DagsterInstance.ephemeral() as instance:
        assert run(home, "trial", "2020-03", instance).success
    assert "TRIAL" in (home / "trial" / "2020-03" / "index.html").read_text(encoding="utf-8")
    assert files(home / "reports") == before


def test_dependencies_are_those_of_the_queries(tmp_path: Path) -> None:
    graph = define(SAMPLE, tmp_path).resolve_asset_graph()
    parents = graph.get(dg.AssetKey(["finance", "statements"])).parent_keys
    assert dg.AssetKey(["finance", "bv_ledger"]) in parents
    earlier = graph.get(dg.AssetKey(["inactivity", "removed"])).parent_keys
    assert dg.AssetKey(["inactivity", "flagged"]) not in earlier
