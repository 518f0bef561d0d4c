"""What `upline ui` puts in order before it starts: runs that a crash left open."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines.closing.home import Home
from pipelines.orchestration.ui import put_history_in_order

OPEN = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING)
OVER = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE)


def test_runs_that_a_crash_left_open_are_failed_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    with dg.DagsterInstance.get() as instance:
        runs = {status: dg.DagsterRun(job_name="close", status=status) for status in OPEN + OVER}
        for run in runs.values():
            instance.add_run(run)
        put_history_in_order(Home(tmp_path / "home"))
        found = {}
        for status, run in runs.items():
            stored = instance.get_run_by_id(run.run_id)
            assert stored is not None
            found[status] = stored.status
    failed = dict.fromkeys(OPEN, dg.DagsterRunStatus.FAILURE)
    assert found == failed | {status: status for status in OVER}
