"""Closes a month as the Dagster job `close`, in one process, with the history that the UI keeps.

.venv/bin/python -W ignore -m benchmarks.dagster_close --book DIR --home DIR --month M
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run_iterator

from pipelines.closing.home import Home
from pipelines.command_line.ending import end_process
from pipelines.orchestration.keys import PARTITION_TAG
from pipelines.orchestration.month_list import keep_months
from pipelines.orchestration.settings import BATCH_SIZE, settle_settings


def main() -> None:
    """Run the job to its end, as a process of the UI does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--month", required=True)
    given = parser.parse_args()
    folder = given.home.absolute() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settle_settings(folder)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = BATCH_SIZE
    os.environ |= {"UPLINE_BOOK": str(given.book), "UPLINE_HOME": str(given.home)}
    from pipelines.definitions import defs  # of this book and home, as a run has them

    job = defs.resolve_job_def("close")
    with dg.DagsterInstance.get() as instance:
        keep_months(instance, given.book, Home(given.home))
        run = instance.create_run_for_job(job, tags={PARTITION_TAG: given.month})
        for _ in execute_run_iterator(InMemoryJob(job), run, instance):
            pass
        ended = instance.get_run_by_id(run.run_id)
        assert ended is not None and ended.is_success, "the run's page says why"


if __name__ == "__main__":
    main()
    # As the command ends its own; a run has ended in the history before its process is taken apart,
    # which goes on for half a second that nobody waits for.
    end_process(0)
