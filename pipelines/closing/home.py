"""The home of a company's closed months: its folders, what is sealed in it, how it is kept private.

<home>/.upline-home         says that the folder is a home
<home>/reports/2020-01/     a closed month, sealed
<home>/trial/2020-01/       a trial, as often as wanted
<home>/warehouse.duckdb     what analysts open: a link to the latest of warehouses/
<home>/access/              who may see the reports in a browser
<home>/work/                the working file, the lock, reports that are not finished

Belongs here: where things lie and who may read them. The lock is in `lock`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipelines.engines.duck_rules import DUCK
from pipelines.engines.engine import AskedEngine, EngineSource
from pipelines.months import FORM, Month
from pipelines.stop import Stop

# From so many files on, one flush of everything is faster than one for each.
MANY_FILES = 500
# Fewer are flushed some at once: what the disk has to do for one it does for those beside it too.
SYNCED_AT_ONCE = 4
PRIVATE, SHARED = 0o077, 0o027
# What the engine takes out of a path: options begin at "?", and "\\" is another "/".
NOT_IN_A_PATH = "?\\"


def pass_on(point: str) -> None:
    """What is done at a named point of a close, where nobody wants to know of it: nothing."""


@dataclass(frozen=True)
class Home:
    """Where everything of a home lies.

    `is_shared`: the group may read what is made. `at` is told each named point that a command has
    come to, before and after all that another process could see; tests end the process there.
    `asked` is the engine that a command was told to use; `engine` the one that a close goes on
    with (`home_engine`).
    """

    folder: Path
    is_shared: bool = False
    at: Callable[[str], None] = pass_on
    asked: AskedEngine | None = None
    engine: EngineSource = DUCK

    @property
    def marker(self) -> Path:
        """The file that says that this folder is a home."""
        return self.folder / ".upline-home"

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
        """The warehouse that analysts open: a link to one of `warehouses`."""
        return self.folder / "warehouse.duckdb"

    @property
    def warehouses(self) -> Path:
        """The warehouses that were published: the latest, and while a month closes the one before.

        Each has a name of its own, so that the log of somebody who writes into an old one never
        lies beside the new one.
        """
        return self.folder / "warehouses"

    @property
    def seals(self) -> Path:
        """A copy of every seal, to tell a month that was never closed from one that was lost."""
        return self.work / "seals"

    @property
    def umask(self) -> int:
        """What nobody else may do with the files that are made here."""
        return SHARED if self.is_shared else PRIVATE

    @property
    def book_note(self) -> Path:
        """Where the book lay that the last close read."""
        return self.work / "book"

    @property
    def engine_note(self) -> Path:
        """Which engine the rules run on, where it is not DuckDB."""
        return self.work / "engine.json"

    def read_book(self) -> Path | None:
        """The book that the last close read, for who is given only the home; None if not noted."""
        try:
            return Path(os.fsdecode(self.book_note.read_bytes()))
        except OSError:
            return None

    def note_book(self, folder: Path) -> None:
        """Note where the book lies."""
        told = os.fsencode(folder.absolute())
        if not self.book_note.is_file() or self.book_note.read_bytes() != told:
            write_whole(self.book_note, told)

    def month(self, month: Month) -> Path:
        """The reports of a closed month."""
        return self.reports / month.text

    def seal(self, month: Month) -> Path:
        """The seal of a closed month."""
        return self.month(month) / "seal.json"

    def trial(self, month: Month) -> Path:
        """The reports of a trial."""
        return self.folder / "trial" / month.text

    def staged(self, month: Month, is_trial: bool = False) -> Path:
        """Where a month's reports lie until they are moved to where they belong."""
        return self.work / f"{'trial' if is_trial else 'close'}-{month}"

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


def check_name(folder: Path) -> None:
    """Stop when the engine cannot open files in a folder of this name."""
    path = str(folder.absolute())
    odd = next((mark for mark in NOT_IN_A_PATH if mark in path), None)
    if odd is not None:
        raise Stop(f"{folder}: cannot be the home: the engine opens no path with {odd!r} in it")
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(folder).decode(errors="replace")
        raise Stop(f"{shown}: cannot be the home: its name is not UTF-8; name it anew") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file, whole or not at all, and have it on the disk."""
    staged = path.with_name(f".{path.name}.new")
    with staged.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    staged.replace(path)


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
        with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
            list(threads.map(sync, paths))
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(target)
    sync(target.parent)
