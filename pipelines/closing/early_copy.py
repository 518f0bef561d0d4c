"""A copy of the working file, made while the month's reports are written, which only read.

Belongs here: how the copy comes about. A copy of ten gigabytes takes as long as many rules. It is
used when nothing was written since; else, and where a month is not being closed, the copy is made
anew.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import duckdb

from pipelines.closing.home import Home
from pipelines.engines.duck import another_connection

Mark = tuple[tuple[int, int] | None, ...]


def log_of(path: Path) -> Path:
    """The file in which the engine keeps what it has not yet written into a warehouse's own."""
    return path.with_name(f"{path.name}.wal")


def unlink_copy(path: Path) -> None:
    """Make way for a copy: one that a killed close has left running goes on where nobody looks."""
    for each in (path, log_of(path)):
        each.unlink(missing_ok=True)


@dataclass
class EarlyCopy:
    """A copy of a home's working file, made while its month's reports are written."""

    home: Home
    _mark: Mark | None = None

    @property
    def file(self) -> Path:
        """Where the copy lies until it is published."""
        return self.home.work / "published.duckdb"

    @contextmanager
    def made_beside(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Copy the working file, of which `con` is the connection, while the block reads it.

        OSError when it cannot be copied; what the engine cannot write down is raised in place of
        what that did to the block.
        """
        unlink_copy(self.file)
        stopped = Event()
        with another_connection(con) as own, ThreadPoolExecutor(1) as threads:
            copied = threads.submit(self._copy, own, stopped)
            try:
                yield
            except BaseException as error:
                stopped.set()
                cause = copied.exception()
                if cause is not None and isinstance(error, Exception):
                    raise cause from error
                raise
            copied.result()

    def _copy(self, con: duckdb.DuckDBPyConnection, stopped: Event) -> None:
        """Have the engine write down what it holds, and copy it, unless stopped.

        A process of its own copies: when a file is closed, the system takes away every lock that
        the process holds on it, also the engine's.
        """
        con.execute("checkpoint")
        self._mark = self._look()
        copying = subprocess.Popen(
            ["cp", "--", self.home.working_file, self.file], stderr=subprocess.PIPE, text=True
        )
        while copying.poll() is None:
            if stopped.wait(0.01):
                copying.kill()
        _, told = copying.communicate()
        if copying.returncode and not stopped.is_set():
            raise OSError(f"the warehouse cannot be copied: {told.strip()}")

    def is_current(self) -> bool:
        """Whether a copy was made and nothing was written to the working file since."""
        return self._mark is not None and self._mark == self._look()

    def _look(self) -> Mark:
        """Size and time of change of the working file and of its log."""
        path = self.home.working_file
        found = [each.stat() if each.exists() else None
                 for each in (path, log_of(path))]  # fmt: skip
        return tuple(each and (each.st_size, each.st_mtime_ns) for each in found)
