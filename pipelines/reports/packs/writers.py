"""The processes that write a month's packs side by side, each its slices of them.

Belongs here: what such a process is given, how it is started, heard, told where to write and ended.
What it does is said in process.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from threading import Lock

from pipelines.book.policy import Policy
from pipelines.months import Month
from pipelines.reports.packs.zip_writing import Placed

PIPE = 1 << 20
# In so many bytes a process is told where a piece starts.
START_BYTES = 8
# What a process says: a piece's length, in answer to which it hears its start; the piece, once it
# stands in the file; and at the end nothing, or what has stopped it.
Told = int | Placed | Exception | None


@dataclass(frozen=True)
class PackWork:
    """What a process needs to write its part of a month's packs into the ZIP file."""

    policy: Policy
    month: Month
    is_trial: bool
    store: Path
    target: Path
    part: int
    parts: int


class Writers:
    """The processes of a month; they end with this one, whatever happens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_over = False

    def start(self, count: int) -> None:
        """Start so many, unless it is over already; they load what they need, and wait."""
        with self._lock:
            # One by one: where a later one cannot be started, those before it are known.
            for _ in range(0 if self._is_over else count):
                self._running.append(_start())

    def set_to_work(self, work: list[PackWork]) -> None:
        """Tell each process what is its part."""
        for process, each in zip(self._running, work, strict=True):
            _tell(process, pickle.dumps(each))

    def placed(self) -> Iterator[Placed]:
        """The pieces that they have placed, in the packs' order: each starts where the one before
        ends. What has stopped a process is raised."""
        end = 0
        # Each says length and piece in turn, so all say a length together, and then a piece.
        for together in zip_longest(*map(_told_by, self._running)):
            for process, told in zip(self._running, together, strict=True):
                if isinstance(told, Placed):
                    yield told
                elif told is not None:
                    _tell(process, end.to_bytes(START_BYTES))
                    end += told

    def end(self) -> None:
        """Stop those that still run, and start no more."""
        with self._lock:
            self._is_over = True
        for process in self._running:
            if process.poll() is None:
                process.kill()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "pipelines.reports.packs.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=PIPE,
        process_group=0,  # Ctrl-C ends the close, and that ends them
    )


def _tell(process: subprocess.Popen[bytes], told: bytes) -> None:
    assert process.stdin is not None
    # One that has died already is told of when it is listened to.
    with suppress(BrokenPipeError):
        process.stdin.write(told)
        process.stdin.flush()


def _told_by(process: subprocess.Popen[bytes]) -> Iterator[int | Placed]:
    """What a process says until it says that this was all; what has stopped it is raised."""
    assert process.stdout is not None
    while True:
        try:
            found: Told = pickle.load(process.stdout)
        except (EOFError, pickle.UnpicklingError) as error:
            code = process.wait()
            told = f"a process that wrote leaders' packs ended with {code}"
            raise ChildProcessError(told) from error
        if isinstance(found, Exception):
            raise found
        if found is None:
            return
        yield found
