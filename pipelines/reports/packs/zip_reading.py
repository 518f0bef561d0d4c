"""Finds a file in a month's ZIP file of packs, and reads it alone.

Belongs here: the directory of a file as zip_writing writes it: stored entries, their paths in byte
order. The standard library makes an object of every entry before the first can be read, which takes
half a second and 60 MB of a hundred thousand; here a path is found by halving.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.reports.packs.zip_format import (
    END,
    END_64,
    END_64_MARK,
    END_MARK,
    HEAD,
    HEADER,
    LOCATOR,
    LOCATOR_MARK,
    MOST,
    MOST_ENTRIES,
    RECORD,
    RECORD_MARK,
    Entry,
)
from pipelines.stop import Stop

LENGTHS = struct.Struct("<3H")
LENGTHS_AT = 28


class ZipDirectory:
    """The entries of a ZIP file that is open."""

    def __init__(self, path: Path, source: BinaryIO) -> None:
        """Stop when it is not a whole file as zip_writing writes it."""
        self._path, self._source = path, source
        try:
            self._records, count = _read_directory(source)
            self._places = _places(self._records, count)
        except (struct.error, ValueError, OSError) as error:
            raise self.damaged("its directory") from error

    def paths(self, since: str = "") -> Iterator[str]:
        """The entries' paths in byte order, from `since` on."""
        for number in range(self._find(since), len(self._places)):
            yield self._name(self._places[number]).decode(errors="replace")

    def entry(self, path: str) -> Entry | None:
        """An entry by its path."""
        number = self._find(path)
        if number == len(self._places) or self._name(self._places[number]) != path.encode():
            return None
        try:
            return _entry(self._records, self._places[number], path)
        except (struct.error, IndexError) as error:
            raise self.damaged(path) from error

    def open(self, entry: Entry) -> BinaryIO:
        """An entry's bytes, to be read once from begin to end; Stop where they are damaged."""
        handle, name = self._source.fileno(), entry.path.encode()
        try:
            head = os.pread(handle, HEADER.size + len(name), entry.start)
        except OverflowError as error:
            raise self.damaged(entry.path) from error
        if len(head) < HEADER.size or head[:4] != HEAD or head[HEADER.size :] != name:
            raise self.damaged(entry.path)
        start = entry.start + len(head) + HEADER.unpack_from(head)[-1]
        return cast(BinaryIO, io.BufferedReader(_Stored(self, handle, entry, start)))

    def damaged(self, what: str) -> Stop:
        """What is told of a part that is not as it was written."""
        return Stop(f"{self._path}: {what} is damaged; restore the file from a backup")

    def _find(self, path: str) -> int:
        """The number of the first entry whose path is not before this one."""
        return bisect_left(self._places, path.encode(), key=self._name)

    def _name(self, place: int) -> bytes:
        start = place + RECORD.size
        return self._records[start : start + self._length(place)]

    def _length(self, place: int) -> int:
        return int(LENGTHS.unpack_from(self._records, place + LENGTHS_AT)[0])


class _Stored(io.RawIOBase):
    """The bytes of an entry, whose check sum is looked at when all have been read."""

    def __init__(self, zipped: ZipDirectory, handle: int, entry: Entry, start: int) -> None:
        self._zipped, self._handle, self._entry = zipped, handle, entry
        self._at, self._left, self._crc = start, entry.size, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on; 0 at the end."""
        found = os.pread(self._handle, min(len(buffer), self._left), self._at)
        buffer[: len(found)] = found
        self._crc = zlib.crc32(found, self._crc)
        self._at += len(found)
        self._left -= len(found)
        is_cut = not found and self._left
        if is_cut or (not self._left and self._crc != self._entry.crc):
            raise self._zipped.damaged(self._entry.path)
        return len(found)


def _read_directory(source: BinaryIO) -> tuple[bytes, int]:
    """The directory's bytes, and how many entries it has; ValueError where it is not whole."""
    end = source.seek(-END.size, os.SEEK_END)
    mark, _, _, _, count, size, start, _ = END.unpack(source.read(END.size))
    if mark != END_MARK:
        raise ValueError("there is no end of a ZIP file")
    if count == MOST_ENTRIES or MOST in (size, start):
        source.seek(end - LOCATOR.size)
        mark, _, where, _ = LOCATOR.unpack(source.read(LOCATOR.size))
        source.seek(min(where, end))
        found = END_64.unpack(source.read(END_64.size))
        if (mark, found[0]) != (LOCATOR_MARK, END_64_MARK):
            raise ValueError("there is no end of a large ZIP file")
        count, size, start = found[-3:]
    if start + size > end:
        raise ValueError("the directory is cut off")
    source.seek(start)
    return source.read(size), count


def _places(records: bytes, count: int) -> array[int]:
    """Where each record starts; ValueError where they do not fill the directory."""
    places, at = array("Q"), 0
    for _ in range(count):
        places.append(at)
        if records[at : at + 4] != RECORD_MARK:
            raise ValueError("the directory is not whole")
        at += RECORD.size + sum(LENGTHS.unpack_from(records, at + LENGTHS_AT))
    if at != len(records):
        raise ValueError("the directory is not whole")
    return places


def _entry(records: bytes, at: int, path: str) -> Entry:
    """The entry that a record tells of, whose path is known."""
    told = RECORD.unpack_from(records, at)
    crc, _, size, name, more, *_ = told[7:]
    start, end = told[-1], at + RECORD.size + name
    figures = struct.unpack(f"<{more // 8}Q", records[end + 4 : end + more])
    if start == MOST:
        start = figures[-1]
    if size == MOST:
        size = figures[0]
    return Entry(path, size, crc, start)
