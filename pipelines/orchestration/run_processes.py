"""The processes of runs: forked from one that has read the program, and named as what they are.

Belongs here: how a run's process begins. A new Python reads Dagster and the program for a second,
which is as long as a small month takes to close; a copy of a process that has read them, and has
done nothing else, begins at once. That process is Python's own fork server.
"""

from __future__ import annotations

import ctypes
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

# What Linux calls a run's process: at most 15 characters.
NAME = "upline run"
PR_SET_NAME = 15
# What a process is said to have ended with where the fork server has ended, and nobody knows.
UNKNOWN = 255
# Imported before any run is begun.
READ_AHEAD = "pipelines.orchestration.read_ahead"


class RunProcess(ForkServerProcess):
    """A run's process."""

    def run(self) -> None:
        """Say what the process is, and do its work."""
        ctypes.CDLL(None).prctl(PR_SET_NAME, NAME.encode())
        super().run()

    def is_alive(self) -> bool:
        """Whether it is there, also where the process that it is a copy of was killed meanwhile."""
        if super().is_alive():
            return True
        return self.exitcode == UNKNOWN and is_run(Path(f"/proc/{self.pid}"))


class RunContext(ForkServerContext):
    """Begins the processes of runs, and what they tell each other by."""

    Process = RunProcess


def read_ahead() -> None:
    """Begin the process that runs are copies of; it ends with whoever began it and the last run."""
    forkserver.set_forkserver_preload([READ_AHEAD])
    forkserver.ensure_running()


def is_run(process: Path) -> bool:
    """Whether a process, as /proc shows it, is a run's, and has not ended."""
    try:
        name = (process / "comm").read_text(encoding="utf-8").rstrip("\n")
        return name == NAME and bool((process / "cmdline").read_bytes())
    except OSError:
        return False
