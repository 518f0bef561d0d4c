"""Measures `upline close` on the sample book, each month by a command of its own, from nothing, the
same as runs that the UI launches, and `upline --help`.

python -m benchmarks.sample --runs 3 --upline .venv/bin/upline --work build/bench
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.pieces import last_line
from benchmarks.processes import PROJECT, run
from benchmarks.report import print_sample
from benchmarks.results import Record, Results, describe_machine
from benchmarks.subjects import program_digest

BOOK = PROJECT / "data" / "sample"
# A command of a tenth of a second is run so often.
HELPED = 9


def measure(upline: str, home: Path) -> list[Record]:
    """Close every month of the sample book into a new home; a record a month."""
    shutil.rmtree(home, ignore_errors=True)
    months = sorted(path.name for path in BOOK.iterdir() if path.is_dir())
    runs = [
        run([upline, "close", month, "--book", BOOK, "--home", home], is_looked_at=False)
        for month in months
    ]
    shutil.rmtree(home)
    return [
        {
            "month": month,
            "seconds": each.seconds,
            "processor_seconds": each.processor_seconds,
            "peak_mib": each.peak_mib,
        }
        for month, each in zip(months, runs, strict=True)
    ]


def measure_desk(upline: str, home: Path) -> list[Record]:
    """Close every month of the sample book as a run; a record a month."""
    shutil.rmtree(home, ignore_errors=True)
    python = Path(upline).with_name("python")
    months = sorted(path.name for path in BOOK.iterdir() if path.is_dir())
    runs = [
        run([python, "-W", "ignore", "-m", "benchmarks.dagster_close", "--book", BOOK,
             "--home", home, "--month", month], is_looked_at=False)
        for month in months
    ]  # fmt: skip
    shutil.rmtree(home)
    return [{"month": month, **last_line(each)} for month, each in zip(months, runs, strict=True)]


def main() -> None:
    """Measure, keep, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--upline", default=".venv/bin/upline")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    upline = str(Path(chosen.upline).absolute())
    home = chosen.work.absolute() / "sample"
    commands: list[Record] = []
    runs: list[Record] = []
    for _ in range(chosen.runs):
        commands.append({"months": measure(upline, home)})
        runs.append({"months": measure_desk(upline, home)})
    run([upline, "--help"])
    helps = [run([upline, "--help"], is_looked_at=False) for _ in range(HELPED)]
    helped: list[Record] = [{"seconds": each.seconds} for each in helps]
    results = Results(chosen.work / "results.json")
    told = {"program": program_digest(), "machine": describe_machine(upline)}
    results.keep("sample", told, {"sample": commands})
    results.keep("desk", told, {"desk": runs})
    results.keep("help", told, {"help": helped})
    print_sample(results.read())


if __name__ == "__main__":
    main()
