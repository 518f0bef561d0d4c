"""Writes a ZIP file of stored entries piece by piece, with the same bytes on every machine.

Belongs here: how entries are put into pieces, wherever that is done, and pieces into the file. What
a header looks like is said in zip_format.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.reports.packs.zip_format import LIMITS, Entry, Limits, ends, header, record


@dataclass(frozen=True)
class Piece:
    """Some entries, one after another as they stand in the file; places count from its start."""

    content: bytes
    entries: tuple[Entry, ...]


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
    return Piece(b"".join(parts), tuple(entries))


def write_zip(path: Path, pieces: Iterable[Piece], limits: Limits = LIMITS) -> str:
    """Write pieces, in the order given, as one ZIP file; out: the SHA-256 of its bytes.

    Nothing is kept but the directory: some 70 bytes an entry. OSError when it cannot be written.
    """
    digest, directory = sha256(), bytearray()
    count = end = 0
    with path.open("wb") as target:
        for piece in pieces:
            target.write(piece.content)
            digest.update(piece.content)
            for entry in piece.entries:
                directory += record(entry._replace(start=end + entry.start), limits)
            count += len(piece.entries)
            end += len(piece.content)
        rest = bytes(directory) + ends(count, end, len(directory), limits)
        target.write(rest)
        digest.update(rest)
    return digest.hexdigest()
