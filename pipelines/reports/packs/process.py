"""A process that writes a part of a month's packs: `python -m pipelines.reports.packs.process`.

Belongs here: how it is told its part and how it ends. It reads its work from standard input, which
the close keeps open: when the close dies, however it does, this process dies with it, so that
nobody writes into a folder that the next close begins anew.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from threading import Thread

import duckdb

from pipelines.reports.packs.page import PackPages
from pipelines.reports.packs.rows import read_packs
from pipelines.reports.packs.write import Digests, PackWork, write_packs


def main() -> int:
    """Write the part; out: 0, or 1 when it failed. Digests or error go to standard output."""
    work: PackWork = pickle.load(sys.stdin.buffer)
    # Of the rows of a hundred thousand customers nothing refers back to itself.
    gc.disable()
    Thread(target=end_with_the_close, daemon=True).start()
    try:
        pickle.dump(_write_part(work), sys.stdout.buffer)
    except Exception as error:
        pickle.dump(error, sys.stdout.buffer)
        return 1
    return 0


def end_with_the_close() -> None:
    """End this process when the other end of its standard input is closed."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(2)


def _write_part(work: PackWork) -> Digests:
    con = duckdb.connect(config={"threads": 1})
    try:
        place = str(work.store).replace("'", "''")
        con.execute(f"attach '{place}' as packs (read_only)")
        pages = PackPages(work.policy, work.month, work.is_trial)
        return write_packs(read_packs(con, work.part, work.parts), pages, work.folder)
    finally:
        con.close()


if __name__ == "__main__":
    sys.exit(main())
