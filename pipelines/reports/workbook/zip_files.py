"""A ZIP file with the same bytes on every machine.

The standard library compresses with whatever zlib the machine has, and two of them pack the same
text differently. The codec here comes with the locked pyarrow, and no date or system goes in.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

LEVEL = 1  # level 6 takes five times as long and saves a fifth
GZIP_HEAD, GZIP_TAIL = 10, 8
NEEDED, DEFLATED = 20, 8
NEW_YEAR_1980 = 0x21  # the oldest date that the format knows


def write_zip(path: Path, members: Iterable[tuple[str, bytes | bytearray]]) -> None:
    """Write members (name, content), in the order given, to a ZIP file of less than 4 GB."""
    directory = bytearray()
    count = 0
    with path.open("wb") as target:
        for name, content in members:
            packed = _deflated(content)
            told = _described(name, content, packed)
            where = target.tell()
            target.write(b"PK\x03\x04" + told + name.encode())
            target.write(packed)
            rest = struct.pack("<HHHII", 0, 0, 0, 0, where)
            directory += b"PK\x01\x02" + struct.pack("<H", NEEDED) + told + rest + name.encode()
            count += 1
            del content, packed  # before the next member is made
        start = target.tell()
        target.write(directory)
        ends = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0)
        target.write(b"PK\x05\x06" + ends)


def _deflated(content: bytes | bytearray) -> bytes:
    packed = pa.Codec("gzip", compression_level=LEVEL).compress(content, asbytes=True)
    return bytes(packed[GZIP_HEAD:-GZIP_TAIL])


def _described(name: str, content: bytes | bytearray, packed: bytes) -> bytes:
    return struct.pack(
        "<HHHHHIIIHH", NEEDED, 0, DEFLATED, 0, NEW_YEAR_1980,
        zlib.crc32(content), len(packed), len(content), len(name.encode()), 0,
    )  # fmt: skip
