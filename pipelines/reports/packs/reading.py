"""A month's packs as their readers see them, in whichever of the two forms they lie (contract 3).

Belongs here: which leaders a month has packs for, a leader's files, a file's bytes. Whoever reads
packs does so through `open_packs`: whether they are folders or one ZIP file is said nowhere else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from pipelines.reports.packs.zip_reading import ZipDirectory

FOLDER = "leaders"
ZIP_FILE = "leaders.zip"
PAGE = "index.html"
# What an id or a file of a pack can be called; nothing else is looked for anywhere.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Packs(Protocol):
    """The packs of a month, as long as `open_packs` holds them open."""

    def leaders(self) -> Iterator[str]:
        """The ids of all who have a pack, in the order of their files' paths."""

    def files(self, leader_id: str) -> dict[str, int]:
        """The names of a leader's files with their sizes, in byte order; of nobody none."""

    def open(self, leader_id: str, name: str) -> BinaryIO:
        """A file, to be read from begin to end; FileNotFoundError for one that is not there."""


@contextmanager
def open_packs(month: Path) -> Iterator[Packs]:
    """The packs in a month's folder of reports; a month may have none.

    Stop when the ZIP file is damaged, also while one of its files is read.
    """
    path = month / ZIP_FILE
    if not path.exists():
        yield _InFolder(month / FOLDER)
        return
    with path.open("rb") as source:
        yield _Zipped(ZipDirectory(path, source))


def read_pack_file(packs: Packs, leader_id: str, name: str) -> bytes:
    """A file's bytes; FileNotFoundError for one that is not there."""
    with packs.open(leader_id, name) as source:
        return source.read()


@dataclass(frozen=True)
class _InFolder:
    folder: Path

    def leaders(self) -> Iterator[str]:
        """The folders' names."""
        if self.folder.is_dir():
            names = [path.name for path in self.folder.iterdir()]
            yield from sorted(names, key=lambda name: f"{name}/")

    def files(self, leader_id: str) -> dict[str, int]:
        """What is in the folder."""
        place = self.folder / leader_id
        if not NAME.fullmatch(leader_id) or not place.is_dir():
            return {}
        found = sorted(os.scandir(place), key=lambda entry: entry.name)
        return {entry.name: entry.stat().st_size for entry in found}

    def open(self, leader_id: str, name: str) -> BinaryIO:
        """The file."""
        if not NAME.fullmatch(leader_id) or not NAME.fullmatch(name):
            raise FileNotFoundError(f"{leader_id}/{name}")
        return (self.folder / leader_id / name).open("rb")


@dataclass(frozen=True)
class _Zipped:
    directory: ZipDirectory

    def leaders(self) -> Iterator[str]:
        """Each of the first parts of the paths."""
        last = ""
        for path in self.directory.paths():
            leader_id = path.partition("/")[0]
            if leader_id != last:
                yield leader_id
            last = leader_id

    def files(self, leader_id: str) -> dict[str, int]:
        """The entries whose paths begin so."""
        found = {}
        for path in self.directory.paths(f"{leader_id}/"):
            leader, _, name = path.partition("/")
            if leader != leader_id:
                break
            entry = self.directory.entry(path)
            assert entry is not None
            found[name] = entry.size
        return found

    def open(self, leader_id: str, name: str) -> BinaryIO:
        """The entry's bytes."""
        entry = self.directory.entry(f"{leader_id}/{name}")
        if entry is None:
            raise FileNotFoundError(f"{leader_id}/{name}")
        return self.directory.open(entry)
