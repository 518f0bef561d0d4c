"""Writes a ZIP file of stored entries piece by piece, with the same bytes on every machine.

Belongs here: how entries are put into pieces and pieces into the file, wherever that is done, and
how the file is ended. What a header looks like is said in zip_format.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pipelines.reports.packs.zip_format import LIMITS, Entry, Limits, ends, header, record

# So much is read at once for the digest: what the processor keeps near.
READ_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Piece:
    """Some entries, one after another as they stand in the file: the parts of their bytes, how many
    bytes that are; places count from the piece's start."""

    parts: tuple[bytes, ...]
    length: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Placed:
    """A piece that stands in the file: how many bytes, how many entries, and their records."""

    length: int
    count: int
    records: bytes


def lay_out(files: Iterable[tuple[str, bytes]], limits: Limits = LIMITS) -> Piece:
    """A piece of files (path, content), in the order given."""
    parts: list[bytes] = []
    entries = []
    end = 0
    for path, content in files:
        entry = Entry(path, len(content), zlib.crc32(content), end)
        head = header(entry, limits)
        parts += head, content
        entries.append(entry)
        end += len(head) + len(content)
    return Piece(tuple(parts), end, tuple(entries))


def place(piece: Piece, target: BinaryIO, start: int, limits: Limits = LIMITS) -> Placed:
    """Write a piece where it belongs in the file; OSError when it cannot be written."""
    target.seek(start)
    target.writelines(piece.parts)
    target.flush()
    moved = (entry._replace(start=start + entry.start) for entry in piece.entries)
    records = b"".join(record(entry, limits) for entry in moved)
    return Placed(piece.length, len(piece.entries), records)


def finish_zip(path: Path, placed: Iterable[Placed], limits: Limits = LIMITS) -> str:
    """Digest a file's pieces, in their order and as they come to stand in it, and write its
    directory behind them; out: the SHA-256 of its bytes.

    Nothing is kept but the directory: some 70 bytes an entry. OSError when it cannot be written or
    has lost what was.
    """
    digest, directory = sha256(), bytearray()
    count = end = 0
    buffer = memoryview(bytearray(READ_AT_ONCE))
    with path.open("rb", buffering=0) as written:
        for piece in placed:
            left = piece.length
            while left:
                read = written.readinto(buffer[:left])
                if not read:
                    raise OSError(f"{path} has lost what was written to it")
                digest.update(buffer[:read])
                left -= read
            directory += piece.records
            count += piece.count
            end += piece.length
    rest = bytes(directory) + ends(count, end, len(directory), limits)
    with path.open("ab") as target:
        target.write(rest)
    digest.update(rest)
    return digest.hexdigest()
