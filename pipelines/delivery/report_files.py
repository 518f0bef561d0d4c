"""Reports opened to be sent: one month's folder, held open, and files in it, never through a link.

Belongs here: how a file is found and read. A folder that is held open stays what it was when a
close, a reopening or a trial moves it away meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.closing.home import Home
from pipelines.delivery.known_packs import KnownPacks
from pipelines.delivery.wanted import PACK_DEPTH, PAGE, What
from pipelines.months import FORM, Month
from pipelines.reports.packs.reading import FOLDER, ZIP_FILE

CHUNK = 1 << 18
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
SEAL = "seal.json"


@dataclass(frozen=True)
class Content:
    """Bytes to be sent: how many, the first of them, all in chunks, and how to let go of them."""

    size: int
    start: bytes
    chunks: Iterator[bytes]
    close: Callable[[], None] = lambda: None


class MonthFolder:
    """A month's folder, held open until `close`."""

    def __init__(self, handle: int, known: KnownPacks | None = None) -> None:
        self._handle, self._known = handle, known or KnownPacks()

    def close(self) -> None:
        """Let go of it."""
        os.close(self._handle)

    @property
    def place(self) -> Path:
        """A path that leads to it, wherever it was moved."""
        return Path(f"/proc/self/fd/{self._handle}")

    def find(self, path: tuple[str, ...]) -> Content | None:
        """A file in it; a leader's also out of the ZIP file of packs. None where there is none."""
        handle = self.open(path)
        if handle is not None:
            return file_content(handle)
        return self._find_packed(path) if path[:1] == (FOLDER,) else None

    def open(self, path: tuple[str, ...]) -> int | None:
        """A regular file's handle, for the caller to close; None where there is none."""
        return _open_below(self._handle, path, stat.S_ISREG)

    def has_folder(self, path: tuple[str, ...]) -> bool:
        """Whether there is a folder of this path."""
        handle = _open_below(self._handle, path, stat.S_ISDIR)
        if handle is not None:
            os.close(handle)
        return handle is not None

    def files(self) -> list[str]:
        """The paths of all files, in byte order."""
        found = []
        for folder, folders, names, handle in os.fwalk(".", dir_fd=self._handle):
            folders[:] = [name for name in folders if name[0] != "."]
            place = "" if folder == "." else f"{folder.removeprefix('./')}/"
            for name in names:
                mode = os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode
                if stat.S_ISREG(mode) and name[0] != ".":
                    found.append(f"{place}{name}")
        return sorted(found, key=str.encode)

    def has_pack(self, leader_id: str) -> bool:
        """Whether a leader has a pack in it."""
        found = self.find((FOLDER, leader_id, PAGE))
        if found is not None:
            found.close()
        return found is not None

    def _find_packed(self, path: tuple[str, ...]) -> Content | None:
        zipped = self.open((ZIP_FILE,))
        if zipped is None or len(path) != PACK_DEPTH:
            return None
        os.close(zipped)
        _, leader_id, name = path
        with self._known.open(self.place) as packs:
            try:
                with packs.open(leader_id, name) as source:
                    text = source.read()
            except FileNotFoundError:
                return None
        return Content(len(text), text, iter([text]))


def hold_month(
    home: Home, what: What, month: Month, known: KnownPacks | None = None
) -> MonthFolder | None:
    """A closed month's folder, or a trial's; None where there is none. The caller closes it.

    `known` keeps what was read of zipped packs.
    """
    place = home.trial(month) if what is What.TRIAL else home.month(month)
    try:
        folder = MonthFolder(os.open(place, READING | os.O_DIRECTORY), known)
    except OSError:
        return None
    mark = folder.open((PAGE,) if what is What.TRIAL else (SEAL,))
    if mark is None:
        folder.close()
        return None
    os.close(mark)
    return folder


def trial_months(home: Home) -> list[Month]:
    """The months of which a trial lies there, in order."""
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = sorted(path.name for path in (home.folder / "trial").iterdir())
    return [Month(name) for name in names if FORM.fullmatch(name)]


def open_overview(home: Home) -> Content | None:
    """The page over all months."""
    try:
        handle = os.open(home.reports / PAGE, READING)
    except OSError:
        return None
    return file_content(handle)


def file_content(handle: int) -> Content:
    """An open file's bytes; closing them closes the file."""
    size = os.fstat(handle).st_size
    return Content(
        size, os.pread(handle, CHUNK, 0), read_chunks(handle, size), lambda: os.close(handle)
    )


def read_chunks(handle: int, size: int) -> Iterator[bytes]:
    """Exactly so many bytes of an open file from its begin; OSError where there are fewer."""
    at = 0
    while at < size:
        chunk = os.pread(handle, min(CHUNK, size - at), at)
        if not chunk:
            raise OSError("a file became shorter while it was read")
        at += len(chunk)
        yield chunk


def _open_below(handle: int, path: tuple[str, ...], is_wanted: Callable[[int], bool]) -> int | None:
    """What lies below an open folder, step by step without following a link."""
    at = os.dup(handle)
    try:
        for part in path:
            below = os.open(part, READING, dir_fd=at)
            os.close(at)
            at = below
    except OSError:
        os.close(at)
        return None
    if is_wanted(os.fstat(at).st_mode):
        return at
    os.close(at)
    return None
