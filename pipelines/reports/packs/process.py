"""A process that writes a part of a month's packs: `python -m pipelines.reports.packs.process`.

Belongs here: how it is told its part, how it hands over what it has written and how it ends. It
reads its work from standard input, which the close keeps open: when the close dies, however it
does, this process dies with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread

import duckdb

from pipelines.reports.packs.contents import pack_files
from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.rows import read_next_window, read_packs
from pipelines.reports.packs.writers import PackWork
from pipelines.reports.packs.zip_writing import Piece, lay_out


def main() -> int:
    """Write the part; out: 0, or 1 when it failed.

    To standard output go pieces of the ZIP file, then None, or the error.
    """
    work: PackWork = pickle.load(sys.stdin.buffer)
    # Of the rows of a hundred thousand customers nothing refers back to itself.
    gc.disable()
    Thread(target=end_with_the_close, daemon=True).start()
    try:
        _hand_over(_write_part(work))
    except Exception as error:
        _say(error)
        return 1
    _say(None)
    return 0


def end_with_the_close() -> None:
    """End this process when the other end of its standard input is closed."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(2)


def _hand_over(pieces: Iterator[Piece]) -> None:
    """Send each piece while the next one is made, but never hold more than two."""
    with ThreadPoolExecutor(1) as threads:
        sent: Future[None] | None = None
        for piece in pieces:
            if sent is not None:
                sent.result()
            sent = threads.submit(_say, piece)
        if sent is not None:
            sent.result()


def _say(told: Piece | Exception | None) -> None:
    pickle.dump(told, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


def _write_part(work: PackWork) -> Iterator[Piece]:
    con = duckdb.connect(config={"threads": 1})
    try:
        place = str(work.store).replace("'", "''")
        con.execute(f"attach '{place}' as packs (read_only)")
        pages = PackPages(work.policy, work.month, work.is_trial, read_next_window(con))
        for packs in read_packs(con, work.part, work.parts):
            yield lay_out(file for pack in packs for file in pack_files(pack, pages))
    finally:
        con.close()


if __name__ == "__main__":
    sys.exit(main())
