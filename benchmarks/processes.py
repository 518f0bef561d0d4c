"""Runs a command to its end and tells how long it took and how much memory its processes held.

Belongs here: the clock, the sampling of /proc (so Linux only). Does not: what is run, or why.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAUSE_SECONDS = 0.05
# A sample of several large processes takes a while: it may cost a twentieth of one core, no more.
PAUSE_TIMES_SAMPLE = 20
# Processes that are not ours are looked at again after so many samples, in case an id was reused.
FORGET_AFTER = 40
# Whoever runs a program twice has it compiled, also where a machine for tests keeps nothing.
# numpy's linear algebra, which nothing here asks for, would keep the other core busy at first.
ENVIRONMENT = {
    name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
} | {"OPENBLAS_NUM_THREADS": "1"}
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True)
class Run:
    """One command: wall and processor seconds, the most memory its processes held at once, what it
    printed."""

    seconds: float
    processor_seconds: float
    peak_mib: int
    printed: str


class CommandFailed(Exception):
    """A command ended with a code other than 0; the message holds the end of what it said."""


def module(name: str, *arguments: str | Path) -> list[str]:
    """The command of one of the benchmarks' own modules, in this interpreter."""
    return [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)]


def run(command: Sequence[str | Path], is_looked_at: bool = True) -> Run:
    """Run a command in the project's folder; CommandFailed when it fails.

    In: also whether its processes are looked at while they run. Where not, which saves a tenth of a
    second of a small month, its memory is what the system tells of the first of them at its end.
    What others have written is flushed to the disk first, so that no run pays for another's writes.
    """
    os.sync()
    with tempfile.TemporaryFile() as said:
        start = time.monotonic()
        process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=said, text=True, cwd=PROJECT,
            env=ENVIRONMENT,
        )  # fmt: skip
        memory = TreeMemory(process.pid)
        if is_looked_at:
            memory.start()
        printed = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.end()
        if process.returncode:
            said.seek(0)
            end = said.read().decode(errors="replace")[-2_000:]
            raise CommandFailed(f"{' '.join(map(str, command))}: {process.returncode}\n{end}")
    peak_kib = max(memory.peak_kib, usage.ru_maxrss)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak_kib // 1024, printed)


class TreeMemory(threading.Thread):
    """Samples what a process and all its descendants hold, until it is told to end.

    A process alone counts with its resident memory. Several count with their proportional share
    (PSS), since pages that a worker shares with its parent are held once.
    """

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak_kib = 0
        self._root = root
        self._ended = threading.Event()
        self._parents: dict[int, int] = {}
        self._samples = 0

    def end(self) -> None:
        """Take no more samples."""
        self._ended.set()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        """Sample until the end."""
        pause = 0.0
        while not self._ended.wait(pause):
            start = time.perf_counter()
            self.peak_kib = max(self.peak_kib, held_kib(self._family()))
            pause = max(PAUSE_SECONDS, PAUSE_TIMES_SAMPLE * (time.perf_counter() - start))

    def _family(self) -> set[int]:
        """The process and its descendants."""
        self._samples += 1
        if self._samples % FORGET_AFTER == 0:
            self._parents.clear()
        there = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}
        self._parents = {pid: up for pid, up in self._parents.items() if pid in there}
        for pid in there - self._parents.keys():
            self._parents[pid] = parent_of(pid)
        family = {self._root}
        while True:
            more = {pid for pid, up in self._parents.items() if up in family} - family
            if not more:
                return family
            family |= more


def parent_of(pid: int) -> int:
    """The parent of a process; 0 when the process has ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return 0
    return int(told.rpartition(")")[2].split()[1])


def held_kib(family: set[int]) -> int:
    """The memory that processes hold together."""
    if len(family) == 1:
        return sum(map(resident_kib, family))
    return sum(map(shared_out_kib, family))


def resident_kib(pid: int) -> int:
    """A process's resident memory; 0 when it has ended."""
    try:
        told = Path(f"/proc/{pid}/statm").read_text()
    except OSError:
        return 0
    return int(told.split()[1]) * PAGE_KIB


def shared_out_kib(pid: int) -> int:
    """A process's memory with shared pages divided among those who share; 0 when it has ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return resident_kib(pid)
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
