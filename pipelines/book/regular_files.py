"""Files of a book are opened only when they are ordinary files: a pipe or a device never ends.

Belongs here: opening, and naming what stands in a file's place. What it holds is read elsewhere.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_regular(path: Path) -> BinaryIO:
    """The file, open for its bytes; OSError says what stands there instead."""
    check_regular(path)
    # What was an ordinary file a moment ago may be a pipe now: opening it must not wait either.
    opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    source = open(opened, "rb")  # noqa: PTH123, SIM115 - a descriptor, closed by whoever asked
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        source.close()
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    return source


def check_regular(path: Path) -> None:
    """OSError where there is no ordinary file, or no file at all."""
    wrong = name_irregular(path)
    if wrong is not None:
        raise OSError(errno.EINVAL, wrong, str(path))
    path.stat()


def name_irregular(path: Path) -> str | None:
    """What stands in a file's place and is none; None for an ordinary file, or for nothing."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return "it is a link that leads nowhere" if path.is_symlink() else None
    if stat.S_ISREG(mode):
        return None
    kind = next((name for is_kind, name in KINDS if is_kind(mode)), "something else")
    how = "a link to " if path.is_symlink() else ""
    return f"it is {how}{kind}, not an ordinary file"
