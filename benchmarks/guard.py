"""Holds two ratios to their limits: a close against the floor, and against one a quarter its size.

    .venv/bin/python -m benchmarks.guard --work build/guard

Belongs here: a measurement small enough for every run of the tests. What counts is processor time
over the whole tree of processes, since that of a busy machine says the least of anything else. The
floor is held against a close without leaders' packs: what a file system takes for ten thousand
files differs five times from one machine to the next. The limits are in guard.toml, with what was
measured when they were set.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tomllib
from pathlib import Path

from benchmarks.processes import Run, module, run
from benchmarks.subjects import MONTH, Subject, copy_home, keep_reports, prepare, set_aside

LIMITS = Path(__file__).with_name("guard.toml")
SMALL, LARGE = "20000", "80000"


def close(subject: Subject, upline: str) -> Run:
    """One close of the measured month."""
    copy_home(subject.history, subject.now)
    found = run([upline, "close", MONTH, "--book", subject.book, "--home", subject.now])
    keep_reports(subject)
    return found


def close_without_packs(subject: Subject, upline: str) -> Run:
    """The same without leaders' packs; its reports stay for the floor to write again."""
    copy_home(subject.history, subject.now)
    found = run([Path(upline).with_name("python"), "-m", "benchmarks.stages", "--without-packs",
                 "--book", subject.book, "--home", subject.now, "--month", MONTH])  # fmt: skip
    keep_reports(subject)
    return found


def floor(subject: Subject) -> Run:
    """One run of the floor on the same month."""
    out = subject.folder / "floor"
    found = run(module("peers.floor", "--book", subject.book, "--month", MONTH,
                       "--store", subject.folder / "floor.duckdb", "--reports", subject.reports,
                       "--out", out))  # fmt: skip
    set_aside(subject, out)
    return found


def measure(work: Path, upline: str, runs: int) -> dict[str, float]:
    """The two ratios, of the medians of so many runs that take turns; books are made anew."""
    shutil.rmtree(work, ignore_errors=True)
    small, large = (Subject(size, "tree", work) for size in (SMALL, LARGE))
    for subject in (small, large):
        prepare(subject, upline, True, lambda text: None)
    close_without_packs(large, upline)
    floor(large)
    found: dict[str, list[float]] = {"small": [], "large": [], "bare": [], "floor": []}
    for _ in range(runs):
        found["small"].append(close(small, upline).processor_seconds)
        found["large"].append(close(large, upline).processor_seconds)
        found["bare"].append(close_without_packs(large, upline).processor_seconds)
        found["floor"].append(floor(large).processor_seconds)
    shutil.rmtree(work)
    middle = {name: statistics.median(seconds) for name, seconds in found.items()}
    return {
        "times_the_floor": middle["bare"] / middle["floor"],
        "times_a_quarter": middle["large"] / middle["small"],
    }


def judge(ratios: dict[str, float], limits: dict[str, float]) -> list[str]:
    """A line for each ratio that is above its limit."""
    return [
        f"{name} is {ratios[name]:.2f}, its limit is {limit:.2f}"
        for name, limit in limits.items()
        if ratios[name] > limit
    ]


def main() -> int:
    """Measure, print, hold to the limits; out: 1 when one is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--upline", default=".venv/bin/upline")
    parser.add_argument("--work", type=Path, default=Path("build/guard"))
    chosen = parser.parse_args()
    limits: dict[str, float] = tomllib.loads(LIMITS.read_text())["limits"]
    ratios = measure(chosen.work, str(Path(chosen.upline).absolute()), chosen.runs)
    for name, ratio in ratios.items():
        print(f"{name} {ratio:.2f} (limit {limits[name]:.2f})")
    wrong = judge(ratios, limits)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
