"""Holding a home: for one process alone, marked as a home, and readable by its owner alone.

Belongs here: how a command takes a home and gives it back. What it does there is in `close`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pipelines.closing.home import Home, check_name
from pipelines.stop import Stop

MARKER = "This folder is a home of Upline: it keeps the closed months of one company.\n"
# Beside what a fresh file system or a file browser puts into a folder, a new home is empty.
NOT_COUNTED = ("lost+found",)


@contextmanager
def lock_home(home: Home, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the home for this process alone; a second one waits and says for what.

    What is made inside is readable by the owner alone, or by the group where the home is shared,
    whatever the umask. Stop when the folder has something in it and is no home. Folders that were
    not there before are taken away again when the work inside fails, unless a month was closed.
    """
    made = [folder for folder in (home.work, *home.work.parents) if not folder.exists()]
    made += [home.marker] * (not home.marker.exists())
    with private_files(home), _hold_lock(home, say):
        try:
            yield
        except BaseException:
            if home.work in made and not home.sealed_months():
                _take_away(home, made)
            raise


@contextmanager
def private_files(home: Home) -> Iterator[None]:
    """Whatever this process and those that it starts make inside is as private as the home."""
    before = os.umask(home.umask)
    try:
        yield
    finally:
        os.umask(before)


def _hold_lock(home: Home, say: Callable[[str], None]) -> IO[str]:
    """The home's lock file, locked; closing it lets the next one in."""
    path = home.work / "lock"
    while True:
        make_home(home)
        try:
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


def make_home(home: Home) -> None:
    """Make the home's folders, or take those that are there; Stop when they are somebody else's.

    Nobody but owner and group may ever look into a home. One that is marked keeps what the group
    may do, and is opened to it where this command shares; any other becomes as private as asked.
    """
    check_name(home.folder)
    try:
        is_new = not home.marker.exists()
        if is_new and not _may_be_taken(home):
            raise Stop(
                f"{home.folder}: is not empty and is no home of Upline; name another folder, "
                f"one that is empty or not there yet"
            )
        home.work.mkdir(parents=True, exist_ok=True)
        if is_new:
            home.marker.write_text(MARKER)
        for folder in (home.folder, home.reports, home.folder / "trial", home.warehouses):
            if folder.is_dir():
                _keep_private(folder, home, is_new)
    except OSError as error:
        raise Stop(f"{home.folder}: cannot be the home: {error.strerror}") from error


def _may_be_taken(home: Home) -> bool:
    """Whether a folder without a marker is empty, or a home of before there were markers."""
    if not home.folder.exists() or home.sealed_months():
        return True
    found = {path.name for path in home.folder.iterdir()}
    found = {name for name in found if name[0] != "." and name not in NOT_COUNTED}
    ours = {"reports", "trial", "work", "dagster", "warehouse.duckdb", "warehouse.duckdb.wal",
            "warehouses"}  # fmt: skip
    return not found or (found <= ours and (home.work / "lock").is_file())


def _keep_private(folder: Path, home: Home, is_new: bool) -> None:
    mode = folder.stat().st_mode & 0o7777
    wanted = 0o777 & ~home.umask
    if not is_new:
        wanted = (mode & 0o7770) | wanted
    if mode != wanted:
        folder.chmod(wanted)


def _take_away(home: Home, made: list[Path]) -> None:
    """Remove the work folder, and what was made for it, as far as nobody else uses it."""
    shutil.rmtree(home.work, ignore_errors=True)
    if home.marker in made:
        home.marker.unlink(missing_ok=True)
        with suppress(OSError):
            home.warehouses.rmdir()
    for folder in made:
        with suppress(OSError):
            folder.rmdir()
