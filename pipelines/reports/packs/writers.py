"""The processes that write a month's packs side by side, each its slices of them.

Belongs here: what such a process is given, how it is started, heard and ended. What it does is said
in process.
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
from pipelines.reports.packs.zip_writing import Piece

PIPE = 1 << 20


@dataclass(frozen=True)
class PackWork:
    """What a process needs to write its part of a month's packs."""

    policy: Policy
    month: Month
    is_trial: bool
    store: Path
    part: int
    parts: int


class Writers:
    """The processes of a month; they end with this one, whatever happens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._is_over = False

    def start(self, work: PackWork) -> None:
        """Start one, unless it is over already."""
        with self._lock:
            if not self._is_over:
                self._running.append(_start(work))

    def pieces(self) -> Iterator[Piece]:
        """What they write, in the packs' order. What has stopped one is raised."""
        for together in zip_longest(*map(_pieces_of, self._running)):
            yield from (piece for piece in together if piece is not None)

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


def _start(work: PackWork) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "pipelines.reports.packs.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pipesize=PIPE,
        process_group=0,  # Ctrl-C ends the close, and that ends them
    )
    assert process.stdin is not None
    # One that has died already is told of when it is listened to.
    with suppress(BrokenPipeError):
        pickle.dump(work, process.stdin)
        process.stdin.flush()
    return process


def _pieces_of(process: subprocess.Popen[bytes]) -> Iterator[Piece]:
    """What a process writes until it says that this was all; what has stopped it is raised."""
    assert process.stdout is not None
    while True:
        try:
            found: Piece | Exception | None = pickle.load(process.stdout)
        except (EOFError, pickle.UnpicklingError) as error:
            code = process.wait()
            told = f"a process that wrote leaders' packs ended with {code}"
            raise ChildProcessError(told) from error
        if isinstance(found, Exception):
            raise found
        if found is None:
            return
        yield found
