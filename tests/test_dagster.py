"""The whole close through Dagster: the same bytes as the command line, and its refusals."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from conftest import SAMPLE

from pipelines.closing.home import Home
from pipelines.orchestration.assets import closing_assets
from pipelines.orchestration.definitions import define
from pipelines.orchestration.month import MonthResource
from pipelines.orchestration.month_list import keep_months
from pipelines.rules.models import read_models
from pipelines.rules.report_shapes import REPORT_SHAPES


def run(
    home: Path, job: str, month: str, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    keep_months(instance, SAMPLE, Home(home))
    return define(SAMPLE, home).resolve_job_def(job).execute_in_process(
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


@pytest.mark.exhaustive
@pytest.mark.long
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
    checked = graph.get(dg.AssetKey(["finance", "bv_ledger"])).parent_keys
    assert dg.AssetKey(["extracts", "orders"]) in checked  # only its check reads them
    earlier = graph.get(dg.AssetKey(["inactivity", "removed"])).parent_keys
    assert dg.AssetKey(["inactivity", "flagged"]) not in earlier


def test_every_report_tells_its_columns_before_it_is_made(tmp_path: Path) -> None:
    graph = define(SAMPLE, tmp_path).resolve_asset_graph()
    for table, shape in REPORT_SHAPES.items():
        key = dg.AssetKey(table.split("."))
        if not graph.has(key):
            continue
        columns = graph.get(key).metadata["dagster/column_schema"].columns
        assert [column.name for column in columns] == list(shape.cells)
        for column, cell in zip(columns, shape.cells.values(), strict=True):
            assert (column.description or "").startswith(cell.meaning)
            assert column.constraints.nullable != cell.required
    holds = graph.get(dg.AssetKey(["extracts", "holds"])).metadata["dagster/column_schema"]
    told = {column.name: column.description for column in holds.columns}
    assert told["ends_on"] == "Its last day; empty: it goes on. Not before starts_on."
    assert told["line"] == "The row's line in that file."


def test_every_report_has_a_check_of_its_columns(tmp_path: Path) -> None:
    checks = define(SAMPLE, tmp_path).resolve_asset_graph().asset_check_keys
    found = {".".join(key.asset_key.path) for key in checks if key.name == "columns_as_declared"}
    assert found == {model.table for model in read_models()} & set(REPORT_SHAPES)


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_report_of_another_shape_fails_its_own_check_and_no_other(tmp_path: Path) -> None:
    models = [
        replace(model, query=model.query.replace("'orders_posted' as line", "'posted' as line"))
        if model.table == "finance.reconciliation" else model
        for model in read_models()
    ]  # fmt: skip
    month = MonthResource(book=str(SAMPLE), home=str(tmp_path / "home"))
    with dg.DagsterInstance.ephemeral() as instance:
        keep_months(instance, SAMPLE, Home(tmp_path / "home"))
        result = dg.materialize(
            closing_assets(models), instance=instance, resources={"month": month},
            partition_key="2020-01", raise_on_error=False,
        )  # fmt: skip
    assert not result.success
    checks = {
        (each.asset_key.path[-1], each.check_name): each
        for each in result.get_asset_check_evaluations()
    }
    failed = checks["reconciliation", "columns_as_declared"]
    assert (failed.passed, failed.severity) == (False, dg.AssetCheckSeverity.ERROR)
    other = checks["reconciliation", "difference_is_zero"]
    assert other.severity == dg.AssetCheckSeverity.WARN and "not looked at" in other.metadata
    assert checks["statements", "columns_as_declared"].passed
