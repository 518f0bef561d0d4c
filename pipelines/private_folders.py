"""Folders of this process alone, for what it keeps outside of a home for a while.

Belongs here: how one is made and taken away, and which there are, so that a process that a signal
ends can take them away as well (`command_line.ending`). Nothing else is remembered.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# How often a folder is removed into which somebody still writes.
TRIES = 20
_open: list[Path] = []


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that its owner alone may look into, gone with all that is in it afterwards."""
    path = Path(tempfile.gettempdir()) / f"upline-{uuid.uuid4().hex}"
    # It is known before it is there: a signal may come at any time.
    _open.append(path)
    try:
        path.mkdir(mode=0o700)
        yield path
    finally:
        remove_folder(path)
        _open.remove(path)


def open_folders() -> list[Path]:
    """Those that there are now."""
    return list(_open)


def remove_folder(path: Path) -> None:
    """Remove a folder, however much is still written into it meanwhile."""
    for _ in range(TRIES):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
