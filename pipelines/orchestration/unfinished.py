"""Runs that Dagster's history has as going on: those whose process has ended are failed.

Belongs here: how a run's process is known. A run is a process of its own that outlives the UI it
was started in, so a UI that starts again leaves it alone; one that was killed would block the queue
for ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import dagster as dg
from dagster._core.events import DagsterEventType

from pipelines.orchestration.run_processes import is_run

GOING_ON = (
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING,
)  # fmt: skip
ENDED = "its process had ended before it was done; nothing that is closed has changed: run it again"
# How Dagster's own server begins a run's process, as it did before they were forked.
SPAWNED = b"spawn_main"


def fail_dead_runs(instance: dg.DagsterInstance, folder: Path) -> list[str]:
    """Fail the runs that go on and whose process does not; out: their ids. In: DAGSTER_HOME."""
    runs = instance.get_runs(dg.RunsFilter(statuses=[*GOING_ON]))
    if not runs:
        return []
    workers = find_workers(folder)
    dead = [run for run in runs if not _is_alive(instance, run, workers)]
    for run in dead:
        instance.report_run_failed(run, ENDED)
    return [run.run_id for run in dead]


def _is_alive(instance: dg.DagsterInstance, run: dg.DagsterRun, workers: set[int]) -> bool:
    """Whether a run's process is there; of one that has not told it yet, whether any is."""
    told = {
        int(str(entry.dagster_event.engine_event_data.metadata["pid"].value))
        for entry in instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT)
        if entry.dagster_event and "pid" in entry.dagster_event.engine_event_data.metadata
    }
    return bool(told & workers) if told else bool(workers)


def find_workers(folder: Path) -> set[int]:
    """The processes of this machine that are runs of a DAGSTER_HOME: it is in their environment."""
    home = b"DAGSTER_HOME=" + os.fsencode(folder)
    return {pid for pid in _processes() if _is_worker(Path(f"/proc/{pid}"), home)}


def _processes() -> Iterable[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _is_worker(process: Path, home: bytes) -> bool:
    try:
        is_one = is_run(process) or SPAWNED in (process / "cmdline").read_bytes()
        return is_one and home in (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it has ended, or is somebody else's
        return False
