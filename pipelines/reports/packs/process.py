"""A process that writes a part of a month's packs: `python -m pipelines.reports.packs.process`.

Belongs here: how it is told its part and its places in the file, how it writes there and how it
ends. It hears of both on standard input, which the close keeps open: when the close dies, however
it does, this process dies with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

import duckdb

from pipelines.engines.duck import give_memory_back, literal
from pipelines.reports.packs.contents import pack_files
from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.rows import read_next_window, read_packs
from pipelines.reports.packs.writers import START_BYTES, PackWork, Told
from pipelines.reports.packs.zip_writing import Piece, lay_out, place

# What is written is gathered up to so many bytes first.
WRITTEN_AT_ONCE = 1 << 18
ORPHANED = 2
# The engine keeps what so many pieces were made from.
KEPT_PIECES = 64


def main() -> int:
    """Write the part; out: 0, 1 when it failed, 2 when the close has ended.

    To standard output go, of each piece in turn, its length and what was placed; then None, or the
    error.
    """
    try:
        work: PackWork = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):
        return ORPHANED
    # Of the rows of a hundred thousand customers nothing refers back to itself.
    gc.disable()
    starts: SimpleQueue[int] = SimpleQueue()
    Thread(target=hear_the_close, args=(starts,), daemon=True).start()
    try:
        with work.target.open("r+b", WRITTEN_AT_ONCE) as target:
            _place_all(lay_out_part(work), target, starts)
    except Exception as error:
        _say(error)
        return 1
    _say(None)
    return 0


def hear_the_close(starts: SimpleQueue[int]) -> None:
    """Hand on where pieces start; end this process when the other end of its standard input is
    closed."""
    while found := os.read(sys.stdin.fileno(), START_BYTES):
        starts.put(int.from_bytes(found))
    os._exit(ORPHANED)


def _place_all(pieces: Iterator[Piece], target: BinaryIO, starts: SimpleQueue[int]) -> None:
    """Place each piece when the next one is made: then it is known where it starts."""
    held: Piece | None = None
    for piece in pieces:
        if held is not None:
            _say(place(held, target, starts.get()))
        _say(piece.length)
        held = piece
    if held is not None:
        _say(place(held, target, starts.get()))


def _say(told: Told) -> None:
    pickle.dump(told, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


def lay_out_part(work: PackWork) -> Iterator[Piece]:
    """The pieces of a part, one after another."""
    con = duckdb.connect(config={"threads": 1})
    try:
        con.execute(f"attach {literal(str(work.store))} as packs (read_only)")
        pages = PackPages(work.policy, work.month, work.is_trial, read_next_window(con))
        for number, packs in enumerate(read_packs(con, work.part, work.parts)):
            yield lay_out(file for pack in packs for file in pack_files(pack, pages))
            # What has been read is not read again.
            if number % KEPT_PIECES == KEPT_PIECES - 1:
                give_memory_back(con)
    finally:
        con.close()


if __name__ == "__main__":
    sys.exit(main())
