"""Measure the close of one ordinary month at full history, with peers beside it in the same run.

    python -m benchmarks.run --size S --runs 3 --upline .venv/bin/upline --work build/bench

Belongs here: making the book, closing its history once, then timing Upline, the floor, the pandas
peer and the same close as a Dagster job, in turn, as whole processes. It prints a Markdown table of
medians and the ratios, and fails when Upline's figures differ from the pandas peer's.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HISTORY, MONTH = "2023-11", "2023-12"
STAGES = ("extracts", "rules", "reports", "sealed")
DAGSTER = """
import sys, time
from pathlib import Path
import dagster as dg
from pipelines.definitions import define
job = define(Path(sys.argv[1]), Path(sys.argv[2])).get_job_def("close")
with dg.DagsterInstance.ephemeral() as instance:
    assert job.execute_in_process(partition_key=sys.argv[3], instance=instance).success
"""
COMPARED = ("referral", "inactivity", "finance")


@dataclass(frozen=True)
class Run:
    """One process: its wall seconds, peak memory and what it printed."""

    seconds: float
    peak_mib: int
    printed: str


def run(command: list[str]) -> Run:
    """Run a command to its end; CalledProcessError when it fails."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    printed = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command, printed)
    return Run(time.monotonic() - start, usage.ru_maxrss // 1024, printed)


def module(name: str, *arguments: str) -> list[str]:
    """The command of one of the benchmarks' own modules."""
    return [sys.executable, "-m", f"benchmarks.{name}", *arguments]


def prepare(upline: str, size: str, variant: str, work: Path) -> tuple[Path, Path]:
    """Make the book and close its history, once; out: the book and the home."""
    book, home = work / f"book-{size}-{variant}", work / f"home-{size}-{variant}"
    if not book.exists():
        run(module("books", "--size", size, "--history-months", "35", "--variant", variant,
                   "--to", str(book)))  # fmt: skip
    if not home.exists():
        run([upline, "close", HISTORY, "--book", str(book), "--home", str(home)])
    return book, home


def read_stages(printed: str) -> dict[str, float]:
    """Seconds of each stage of a close, from its progress lines."""
    marks = {name: float(at) for at, name in re.findall(r"([\d.]+) s  \S+  (\w+)", printed)}
    before, stages = 0.0, {}
    for name in STAGES:
        stages[name], before = marks[name] - before, marks[name]
    return stages


def measure(upline: str, book: Path, home: Path, work: Path) -> dict[str, float]:
    """Close the month once in each way, on copies of the home; out: seconds by name."""
    here, there = work / "home-now", work / "home-dagster"
    for copy in (here, there):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(home, copy)
    closed = run([upline, "close", MONTH, "--book", str(book), "--home", str(here)])
    python = str(Path(upline).with_name("python"))
    dagster = run([python, "-W", "ignore", "-c", DAGSTER, str(book), str(there), MONTH])
    shutil.rmtree(work / "floor", ignore_errors=True)
    floor = run(module("peers.floor", "--book", str(book), "--month", MONTH, "--store",
                       str(work / f"{book.name}.duckdb"), "--reports",
                       str(here / "reports" / MONTH), "--out", str(work / "floor")))  # fmt: skip
    told = json.loads(floor.printed.splitlines()[-1])
    read = read_stages(closed.printed)
    return {
        "upline": closed.seconds,
        **{f"upline: {name}": seconds for name, seconds in read.items()},
        "upline in Dagster": dagster.seconds,
        "floor": told["seconds"],
        "floor: read": told.get("read", told["seconds"]),
        "upline peak MiB": float(closed.peak_mib),
    }


def measure_pandas(book: Path, work: Path) -> float:
    """The pandas peer's seconds for the month, history in memory."""
    shutil.rmtree(work / "pandas", ignore_errors=True)
    printed = run(module("peers.analyst_pandas", "--book", str(book), "--out",
                         str(work / "pandas"))).printed  # fmt: skip
    months = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return float(next(month["seconds"] for month in months if month["month"] == MONTH))


def differing(work: Path) -> list[str]:
    """The CSVs of the peer that are not Upline's, byte for byte."""
    theirs, ours = work / "pandas" / MONTH, work / "home-now" / "reports" / MONTH
    paths = [path for name in COMPARED for path in sorted((theirs / name).glob("*.csv"))]
    return [
        path.name for path in paths
        if path.read_bytes() != (ours / path.relative_to(theirs)).read_bytes()
    ]  # fmt: skip


def main() -> int:
    """Measure and print; out: 1 when the figures of two peers differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="S")
    parser.add_argument("--variant", default="tree", choices=("tree", "chain"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--upline", default=".venv/bin/upline")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--without-pandas", action="store_true")
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    book, home = prepare(chosen.upline, chosen.size, chosen.variant, chosen.work)
    runs = [measure(chosen.upline, book, home, chosen.work) for _ in range(chosen.runs)]
    medians = {name: statistics.median(each[name] for each in runs) for name in runs[0]}
    print(f"\n{chosen.size}, {chosen.variant}, medians of {chosen.runs} runs\n")
    print("| what | seconds | times the floor |\n| --- | --- | --- |")
    for name, seconds in medians.items():
        ratio = "" if "MiB" in name else f"{seconds / medians['floor']:.1f}"
        print(f"| {name} | {seconds:.2f} | {ratio} |")
    if chosen.without_pandas:
        return 0
    pandas = measure_pandas(book, chosen.work)
    wrong = differing(chosen.work)
    print(f"| pandas, sections 1 to 6 only | {pandas:.2f} | {pandas / medians['floor']:.1f} |")
    print(f"\nCSVs that differ from the pandas peer's: {wrong or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
