"""Leaders' packs as folders and as one ZIP file: what writing, flushing and deleting them takes.

    .venv/bin/python -m benchmarks.pack_forms --packs 30000 --to DIR

Belongs here: the two forms alone, of packs as many and as large as those of a million members, and
their bytes are there already. Each form is digested as it is written, as a close does it. It prints
a line of JSON; read the ratios. Deleting the folders can take many minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from pipelines.reports.packs.zip_writing import Placed, finish_zip, lay_out, place

# The bytes of an ordinary pack's files.
SIZES = {"customers.csv": 2_100, "follow_ups.csv": 950, "index.html": 32_000, "referrals.csv": 250}
SLICE = 250


def files(packs: int) -> Iterator[list[tuple[str, bytes]]]:
    """The files of so many packs, in slices; no two are the same."""
    for start in range(0, packs, SLICE):
        yield [
            (f"M{number:07}/{name}", f"{number} {name} ".encode().ljust(size, b"x"))
            for number in range(start, min(start + SLICE, packs))
            for name, size in SIZES.items()
        ]


def make(packs: int) -> None:
    """Make the files and write nothing: what both forms have in them besides."""
    for _ in files(packs):
        pass


def write_folder(packs: int, target: Path) -> None:
    """Write a folder for each pack; its files are digested one by one."""
    for piece in files(packs):
        for path, content in piece:
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            sha256(content).hexdigest()


def write_one_file(packs: int, target: Path) -> None:
    """Write one ZIP file of all."""
    target.write_bytes(b"")
    finish_zip(target, place_all(packs, target))


def place_all(packs: int, target: Path) -> Iterator[Placed]:
    """Place each slice behind the one before."""
    end = 0
    with target.open("r+b") as file:
        for piece in map(lay_out, files(packs)):
            yield place(piece, file, end)
            end += piece.length


def timed(work: Callable[[], None]) -> dict[str, float]:
    """Seconds by the clock and of the processor."""
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - wall, 2),
        "processor": round(time.process_time() - busy, 2),
    }


def main() -> None:
    """Parse the command line, write both forms, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packs", type=int, default=30_000)
    parser.add_argument("--to", type=Path, required=True, help="a folder that is not there yet")
    given = parser.parse_args()
    folder, one_file = given.to / "leaders", given.to / "leaders.zip"
    given.to.mkdir()
    told = {
        "packs": given.packs,
        "made": timed(lambda: make(given.packs)),
        "zip": timed(lambda: write_one_file(given.packs, one_file)),
        "zip_flushed": timed(os.sync),
        "folder": timed(lambda: write_folder(given.packs, folder)),
        "folder_flushed": timed(os.sync),
        "zip_deleted": timed(one_file.unlink),
        "folder_deleted": timed(lambda: shutil.rmtree(given.to)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
