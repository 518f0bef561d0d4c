"""The home of a company's closed months: its folders, its lock, what is sealed in it.

<home>/reports/2020-01/     a closed month, sealed
<home>/trial/2020-01/       a trial, as often as wanted
<home>/warehouse.duckdb     what analysts open: a copy of the working file
<home>/work/                the working file, the lock, reports that are not finished
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.months import FORM, Month
from pipelines.stop import Stop

# From so many files on, one flush of everything is faster than one for each.
MANY_FILES = 500


@dataclass(frozen=True)
class Home:
    """Where everything of a home lies."""

    folder: Path

    @property
    def reports(self) -> Path:
        """The closed months."""
        return self.folder / "reports"

    @property
    def work(self) -> Path:
        """What belongs to nobody but the close."""
        return self.folder / "work"

    @property
    def working_file(self) -> Path:
        """The warehouse that closes write."""
        return self.work / "warehouse.duckdb"

    @property
    def published_file(self) -> Path:
        """The warehouse that analysts open."""
        return self.folder / "warehouse.duckdb"

    @property
    def digests(self) -> Path:
        """The digests of drops' files seen before."""
        return self.work / "digests.json"

    def month(self, month: Month) -> Path:
        """The reports of a closed month."""
        return self.reports / month.text

    def trial(self, month: Month) -> Path:
        """The reports of a trial."""
        return self.folder / "trial" / month.text

    def sealed_months(self) -> list[Month]:
        """The months that are closed, in order."""
        if not self.reports.is_dir():
            return []
        found = sorted(path.name for path in self.reports.iterdir())
        return [
            Month(name)
            for name in found
            if FORM.fullmatch(name) and (self.reports / name / "seal.json").is_file()
        ]

    def read_seal(self, month: Month) -> dict[str, Any]:
        """A closed month's seal; Stop when somebody has spoiled it."""
        path = self.month(month) / "seal.json"
        try:
            seal: dict[str, Any] = json.loads(path.read_bytes())
            is_whole = {"drop", "policy", "mapping", "calendar"} <= set(seal["inputs"])
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Stop(f"{path}: the seal cannot be read: {error}; restore it") from error
        if not is_whole or not isinstance(seal.get("reports"), dict):
            raise Stop(f"{path}: the seal is not whole; restore it")
        return seal


@contextmanager
def lock_home(home: Home, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the home for this process alone; a second one waits and says for what.

    Folders that were not there before are taken away again when the work inside is stopped, unless
    a month has been closed in them.
    """
    made = [folder for folder in (home.work, *home.work.parents) if not folder.exists()]
    with _hold_lock(home, say):
        try:
            yield
        except Stop:
            if made and not home.sealed_months():
                _take_away(made)
            raise


def _hold_lock(home: Home, say: Callable[[str], None]) -> IO[str]:
    """The home's lock file, locked; closing it lets the next one in."""
    path = home.work / "lock"
    while True:
        try:
            home.work.mkdir(parents=True, exist_ok=True)
            lock = path.open("a+")
        except OSError as error:
            raise Stop(f"{home.folder}: cannot be the home: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another command is at work on {home.folder}; waiting for it to finish")
            fcntl.flock(lock, fcntl.LOCK_EX)
        # The one before may have taken a new home away, and this lock with it.
        if path.exists() and os.path.samestat(path.stat(), os.fstat(lock.fileno())):
            return lock
        lock.close()


def _take_away(made: list[Path]) -> None:
    """Remove the work folder and the folders made for it, as far as nobody else uses them."""
    work, *above = made
    shutil.rmtree(work, ignore_errors=True)
    for folder in above:
        with suppress(OSError):
            folder.rmdir()


def sync(path: Path) -> None:
    """Have a file or folder on the disk before what comes next."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_into_place(staged: Path, target: Path) -> None:
    """Rename a finished folder to where it belongs, once all of it is on the disk."""
    paths = [Path(folder) / name for folder, _, names in os.walk(staged) for name in [*names, ""]]
    if len(paths) > MANY_FILES:
        os.sync()
    else:
        for path in paths:
            sync(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(target)
    sync(target.parent)
