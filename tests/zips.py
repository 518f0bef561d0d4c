"""ZIP files of packs, written by one process alone.

Belongs here: what tests of packs, of serving and of sending them have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.reports.packs.zip_format import LIMITS, Limits
from pipelines.reports.packs.zip_writing import Piece, Placed, finish_zip, place


def write_zip(path: Path, pieces: Iterable[Piece], limits: Limits = LIMITS) -> str:
    """Write pieces, in the order given, as one ZIP file; out: the SHA-256 of its bytes."""
    path.write_bytes(b"")
    return finish_zip(path, placed(path, pieces, limits), limits)


def placed(path: Path, pieces: Iterable[Piece], limits: Limits = LIMITS) -> Iterator[Placed]:
    """Place each piece behind the one before."""
    end = 0
    with path.open("r+b") as target:
        for piece in pieces:
            yield place(piece, target, end, limits)
            end += piece.length
