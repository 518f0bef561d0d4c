"""Closes a month as the Dagster job `close`, as a run that the UI launches: by the process that
holds the assets, in a process of its own, with the history that the UI keeps.

.venv/bin/python -W ignore -m benchmarks.dagster_close --book DIR --home DIR --month M

Prints a line of JSON: the seconds from when the run is launched, as the queue does it, to when the
history has it as ended.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import dagster as dg
from dagster._cli.job import execute_launch_command
from dagster._cli.workspace.cli_target import get_workspace_from_cli_opts
from dagster_shared.cli import WorkspaceOpts

from pipelines.closing.home import Home
from pipelines.closing.lock import make_home
from pipelines.orchestration.children import end_all
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.keys import PARTITION_TAG
from pipelines.orchestration.month_list import keep_months
from pipelines.orchestration.services import (
    hold_assets,
    wait_for_assets,
    write_workspace,
)
from pipelines.orchestration.settings import settle_settings
from pipelines.orchestration.ui import settings

# How long a UI has stood idle before somebody launches a run: its processes have read the program.
IDLE_SECONDS = 5
LOOK_SECONDS = 0.02


def main() -> None:
    """Hold the assets, launch the run, wait for its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--month", required=True)
    given = parser.parse_args()
    desk = Desk(given.book.absolute(), Home(given.home.absolute()))
    folder = desk.home.folder / "dagster"
    make_home(desk.home)
    folder.mkdir(parents=True, exist_ok=True)
    settle_settings(folder)
    os.environ |= settings(desk, dict(os.environ))
    with tempfile.TemporaryDirectory() as own:
        holder = hold_assets(Path(own), lambda: None)
        try:
            wait_for_assets(Path(own), lambda: False)
            time.sleep(IDLE_SECONDS)
            with dg.DagsterInstance.get() as instance:
                keep_months(instance, desk.book, desk.home)
                seconds = launch(instance, write_workspace(Path(own)), given.month)
            print(json.dumps({"seconds": round(seconds, 3)}))
        finally:
            end_all([holder])


def launch(instance: dg.DagsterInstance, workspace: Path, month: str) -> float:
    """Launch the run of a month, as the queue does; out: the seconds until it has ended well."""
    options = WorkspaceOpts(workspace=[str(workspace)])
    run = execute_launch_command(
        instance=instance,
        workspace_opts=options,
        job_name="close",
        tags=json.dumps({PARTITION_TAG: month}),
    )
    with get_workspace_from_cli_opts(instance, dg.__version__, options) as opened:
        start = time.perf_counter()
        instance.launch_run(run.run_id, opened)
        while not (ended := instance.get_run_by_id(run.run_id)) or not ended.is_finished:
            time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - start
    assert ended.is_success, "the run's page says why"
    return seconds


if __name__ == "__main__":
    main()
