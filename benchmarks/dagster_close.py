"""Closes a month as the Dagster job `close`, in one process.

.venv/bin/python -W ignore -m benchmarks.dagster_close --book DIR --home DIR --month M
"""

from __future__ import annotations

import argparse
from pathlib import Path

import dagster as dg

from pipelines.orchestration.definitions import define


def main() -> None:
    """Run the job to its end; an error of a step is raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--month", required=True)
    given = parser.parse_args()
    job = define(given.book, given.home).get_job_def("close")
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(partition_key=given.month, instance=instance)


if __name__ == "__main__":
    main()
