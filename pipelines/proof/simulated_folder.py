"""The folder that a simulation is written into: empty or new before, whole or as before after.

Belongs here: which folders may be taken, and how a finished simulation gets there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.stop import Stop

# What a simulation that was killed while it was put into place has left; it counts for nothing.
STAGED = ".upline-simulation"


def check_target(target: Path, only_read: tuple[Path, ...]) -> None:
    """Stop when a simulation must not be written there.

    In: also the folders that are only read; the target is no part of them.
    """
    for folder in only_read:
        if target.resolve().is_relative_to(folder.resolve()):
            raise Stop(f"{target} lies inside {folder}, which is only read; name another folder")
    try:
        if target.is_symlink() or target.exists():
            found = sorted(path.name for path in target.iterdir() if path.name != STAGED)
            if found:
                raise Stop(
                    f"{target}: is not empty, it holds {found[0]}; --to names a folder that is "
                    f"empty or not there yet"
                )
    except OSError as error:
        raise Stop(f"{target}: cannot be written into: {error.strerror}") from error


@contextmanager
def filled_target(target: Path, result: Path) -> Iterator[None]:
    """Make the folder, and at the end put into it what lies in `result`.

    Whatever fails, the folder is as it was before: empty, or not there. Stop when it cannot be
    made or written into.
    """
    made = [folder for folder in (target, *target.parents) if not folder.exists()]
    put: list[Path] = []
    try:
        with _told(target):
            target.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target / STAGED, ignore_errors=True)
            (target / STAGED).mkdir()
        yield
        with _told(target):
            shutil.copytree(result, target / STAGED, dirs_exist_ok=True)
            check_target(target, ())
            for path in sorted((target / STAGED).iterdir(), reverse=True):
                put.append(path.rename(target / path.name))
            (target / STAGED).rmdir()
    except BaseException:
        _take_away(target, put, made)
        raise


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, shutil.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Stop(f"{target}: cannot be written into: {why}") from error


def _take_away(target: Path, put: list[Path], made: list[Path]) -> None:
    for path in (target / STAGED, *put):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for folder in made:
        with suppress(OSError):
            folder.rmdir()
