"""The ZIP format, as far as a file of stored entries without dates needs it.

Belongs here: the bytes of headers, and from which figure on they are written as ZIP64. Entries
are written by zip_writing and found by zip_reading.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

PLAIN, ZIP64 = 20, 45  # the version of the format that a reader needs
UNIX = 3 << 8
# A file that its owner alone can read.
PRIVATE = 0o100600 << 16
NEW_YEAR_1980 = 0x21  # the oldest date that the format knows
HEADER = struct.Struct("<4s5H3I2H")
HEAD = b"PK\x03\x04"
RECORD = struct.Struct("<4s6H3I5H2I")
RECORD_MARK = b"PK\x01\x02"
END = struct.Struct("<4s4H2IH")
END_MARK = b"PK\x05\x06"
END_64 = struct.Struct("<4sQ2H2I4Q")
END_64_MARK = b"PK\x06\x06"
LOCATOR = struct.Struct("<4sIQI")
LOCATOR_MARK = b"PK\x06\x07"
MOST, MOST_ENTRIES = 0xFFFFFFFF, 0xFFFF


class Limits(NamedTuple):
    """From which figure on sizes and places, and the number of entries, are written as ZIP64."""

    figure: int = MOST
    entries: int = MOST_ENTRIES


LIMITS = Limits()


class Entry(NamedTuple):
    """A file in a ZIP file: its path, its bytes' number and check sum, where its header starts."""

    path: str
    size: int
    crc: int
    start: int


def header(entry: Entry, limits: Limits = LIMITS) -> bytes:
    """What stands before an entry's bytes."""
    is_large = entry.size >= limits.figure
    size = MOST if is_large else entry.size
    more = _more([entry.size, entry.size]) if is_large else b""
    name = entry.path.encode()
    told = HEADER.pack(
        HEAD, ZIP64 if is_large else PLAIN, 0, 0, 0, NEW_YEAR_1980,
        entry.crc, size, size, len(name), len(more),
    )  # fmt: skip
    return told + name + more


def record(entry: Entry, limits: Limits = LIMITS) -> bytes:
    """What the directory says of an entry."""
    is_large, is_far = entry.size >= limits.figure, entry.start >= limits.figure
    large = [entry.size, entry.size] * is_large + [entry.start] * is_far
    more = _more(large) if large else b""
    needed = ZIP64 if large else PLAIN
    size = MOST if is_large else entry.size
    name = entry.path.encode()
    told = RECORD.pack(
        RECORD_MARK, UNIX | needed, needed, 0, 0, 0, NEW_YEAR_1980, entry.crc, size, size,
        len(name), len(more), 0, 0, 0, PRIVATE, MOST if is_far else entry.start,
    )  # fmt: skip
    return told + name + more


def _more(figures: list[int]) -> bytes:
    """The figures that have no room in a header, as the extra field that holds them."""
    return struct.pack(f"<2H{len(figures)}Q", 1, 8 * len(figures), *figures)


def ends(entries: int, start: int, size: int, limits: Limits = LIMITS) -> bytes:
    """What stands after the directory, which starts at `start` and has `size` bytes."""
    is_many, is_far = entries >= limits.entries, start >= limits.figure
    is_large = size >= limits.figure
    end = END.pack(
        END_MARK, 0, 0, *[MOST_ENTRIES if is_many else entries] * 2,
        MOST if is_large else size, MOST if is_far else start, 0,
    )  # fmt: skip
    if not (is_many or is_far or is_large):
        return end
    rest = END_64.size - 12
    large = END_64.pack(END_64_MARK, rest, UNIX | ZIP64, ZIP64, 0, 0, entries, entries, size, start)
    return large + LOCATOR.pack(LOCATOR_MARK, 0, start + size, 1) + end
