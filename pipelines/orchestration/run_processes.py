"""The processes of runs: forked from one that has read the program, and named as what they are.

Belongs here: how a run's process begins. A new Python reads Dagster and the program for a second,
which is as long as a small month takes to close; a copy of a process that has read them, and has
done nothing else, begins at once. That process is Python's own fork server.
"""

from __future__ import annotations

from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

# What Linux calls a run's process: at most 15 characters.
NAME = "upline run"
# Imported before any run is begun.
READ_AHEAD = "pipelines.orchestration.read_ahead"


class RunProcess(ForkServerProcess):
    """A run's process."""

    def run(self) -> None:
        """Say what the process is, and do its work."""
        Path("/proc/self/comm").write_text(NAME, encoding="utf-8")
        super().run()


class RunContext(ForkServerContext):
    """Begins the processes of runs, and what they tell each other by."""

    Process = RunProcess


def read_ahead() -> None:
    """Begin the process that runs are copies of; it ends with whoever began it and the last run."""
    forkserver.set_forkserver_preload([READ_AHEAD])
    forkserver.ensure_running()


def is_run(process: Path) -> bool:
    """Whether a process, as /proc shows it, is a run's. OSError when it has ended."""
    return (process / "comm").read_text(encoding="utf-8").rstrip("\n") == NAME
