"""Measures what a month costs as closed months pile up: 36 drops, closed one after the other.

    python -m benchmarks.months --members 7500 --runs 3 --upline .venv/bin/upline --work build/bench

Belongs here: `upline close --through` over a book that opens with its first drop, and the seconds
of each month from the progress lines. What a drop holds is told beside them, for it does not stay
the same: the orders are as many every month, but members enrol until the end of the book.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.pieces import PROGRESS
from benchmarks.processes import module, run
from benchmarks.report import print_months
from benchmarks.results import Record, Results, describe_machine
from benchmarks.subjects import MONTH, generator_digest, program_digest


def measure(upline: str, book: Path, home: Path) -> list[Record]:
    """Close every month into a new home; out: the seconds of each month."""
    shutil.rmtree(home, ignore_errors=True)
    found = run([upline, "close", MONTH, "--through", "--book", book, "--home", home])
    sealed = [
        (month, float(at)) for at, month, word in PROGRESS.findall(found.printed)
        if word == "sealed"
    ]  # fmt: skip
    starts = [0.0, *(at for _, at in sealed)]
    return [
        {"month": month, "seconds": round(at - start, 2), **describe_drop(book / month)}
        for (month, at), start in zip(sealed, starts, strict=False)
    ]


def describe_drop(drop: Path) -> Record:
    """How large a drop is: its bytes, and the rows of its two main tables."""
    told = {"bytes": sum(path.stat().st_size for path in drop.iterdir())}
    for table in ("members", "orders"):
        with (drop / f"{table}.csv").open("rb") as file:
            told[table] = sum(1 for _ in file) - 1
    return told


def main() -> None:
    """Measure, keep, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=7_500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--upline", default=".venv/bin/upline")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    upline, folder = str(Path(chosen.upline).absolute()), chosen.work.absolute() / "months"
    book = folder / f"book-{chosen.members}-{generator_digest()}"
    if not book.exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(module("books", "--size", str(chosen.members), "--history-months", "1",
                   "--to", book))  # fmt: skip
    runs: list[Record] = [
        {"months": measure(upline, book, folder / "home")} for _ in range(chosen.runs)
    ]
    shutil.rmtree(folder / "home")
    results = Results(chosen.work / "results.json")
    told = {"members": chosen.members, "program": program_digest(),
            "machine": describe_machine(upline)}  # fmt: skip
    results.keep("months", told, {"months": runs})
    print_months(results.read())


if __name__ == "__main__":
    main()
