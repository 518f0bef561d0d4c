"""Runs that a crash left open: failed when the UI starts, unless their process is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData

from pipelines.closing.home import Home
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.ui import (
    hold_ui,
    open_history,
    put_history_in_order,
    tell_old_history,
)
from pipelines.orchestration.unfinished import find_workers
from pipelines.stop import Stop

OPEN = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING)
OVER = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)
# A process that looks like one of Dagster's runs, for as long as its input stays open.
WORKER = "import sys; sys.stdin.read()  # spawn_main"


@pytest.fixture
def instance_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    return tmp_path


def statuses_after(
    folder: Path, runs: dict[dg.DagsterRunStatus, dg.DagsterRun]
) -> dict[dg.DagsterRunStatus, dg.DagsterRunStatus]:
    put_history_in_order(Desk(folder / "no book", Home(folder / "home")), folder)
    with dg.DagsterInstance.get() as instance:
        return {status: instance.get_run_by_id(run.run_id).status  # type: ignore[union-attr]
                for status, run in runs.items()}  # fmt: skip


def add_runs(instance: dg.DagsterInstance) -> dict[dg.DagsterRunStatus, dg.DagsterRun]:
    runs = {status: dg.DagsterRun(job_name="close", status=status) for status in OPEN + OVER}
    for run in runs.values():
        instance.add_run(run)
    return runs


def test_runs_that_a_crash_left_open_are_failed_and_the_others_stay(instance_folder: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        runs = add_runs(instance)
    failed = dict.fromkeys(OPEN, dg.DagsterRunStatus.FAILURE)
    assert statuses_after(instance_folder, runs) == failed | {status: status for status in OVER}


def test_a_run_whose_process_is_there_goes_on_and_the_others_are_failed(
    instance_folder: Path,
) -> None:
    alive = dg.DagsterRunStatus.STARTED
    with (
        dg.DagsterInstance.get() as instance,
        subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE) as worker,
    ):
        runs = add_runs(instance)
        for status in OPEN:
            pid = worker.pid if status is alive else 2**22 + 1
            instance.report_engine_event("began", runs[status], EngineEventData.in_process(pid))
        assert find_workers(instance_folder) == {worker.pid}
        found = statuses_after(instance_folder, runs)
        worker.communicate()
    assert found[alive] is alive
    assert {found[status] for status in OPEN if status is not alive} == {
        dg.DagsterRunStatus.FAILURE
    }


def test_a_storage_that_cannot_be_used_is_said_in_a_sentence(instance_folder: Path) -> None:
    settings = "storage:\n  postgres:\n    postgres_url: postgresql+nothing://x/y\n"
    (instance_folder / "dagster.yaml").write_text(settings)
    with pytest.raises(
        Stop, match=r"dagster\.yaml: the history's storage cannot be used: .*nothing"
    ):
        open_history(instance_folder)


def test_a_history_of_before_names_were_masked_is_told_once(tmp_path: Path) -> None:
    assert tell_old_history(tmp_path) == ""
    (tmp_path / "history").mkdir()
    assert "may hold e-mail addresses" in tell_old_history(tmp_path)
    with hold_ui(tmp_path, False):
        assert tell_old_history(tmp_path) == ""


def test_one_ui_holds_a_history_and_any_number_may_look(tmp_path: Path) -> None:
    with (
        hold_ui(tmp_path, False),
        hold_ui(tmp_path, True),
        pytest.raises(Stop, match="another UI is at work"),
        hold_ui(tmp_path, False),
    ):
        pass
    with hold_ui(tmp_path, False):
        pass
