"""The figures of all measurements, in one JSON file: a record a subject, replaced piece by piece.

Belongs here: reading and writing that file, and what is said of the machine. A record:

    {"subject": "M tree", "size": "M", "variant": "tree", "members": 1000000, "program": "…",
     "measured_on": {"close": "2026-01-31", …}, "machine": {…}, "made": {…},
     "runs": {"close": [{"seconds": …, "peak_mib": …}, …], "stages": […], …}}
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]
SIZE_ORDER = ("S", "M", "L")


@dataclass(frozen=True)
class Results:
    """All records, by subject."""

    path: Path

    def read(self) -> dict[str, Record]:
        """Every record; none where nothing was measured yet."""
        if not self.path.exists():
            return {}
        found: dict[str, Record] = json.loads(self.path.read_text())["records"]
        return found

    def keep(self, subject: str, told: Record, runs: dict[str, list[Record]]) -> None:
        """Put pieces into a subject's record, in the place of the same pieces of before.

        In: what is said of the subject as a whole, and the runs of each piece.
        """
        records = self.read()
        before = records.get(subject, {})
        today = dt.date.today().isoformat()
        records[subject] = {
            "subject": subject,
            **told,
            "measured_on": before.get("measured_on", {}) | dict.fromkeys(runs, today),
            "program_of": before.get("program_of", {}) | dict.fromkeys(runs, told["program"]),
            "runs": before.get("runs", {}) | runs,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        staged = self.path.with_suffix(".new")
        staged.write_text(json.dumps({"records": records}, indent=1, ensure_ascii=False) + "\n")
        staged.replace(self.path)


def median(record: Record | None, piece: str, name: str) -> float | None:
    """The median of a figure over a piece's runs; None where it was not measured."""
    runs = (record or {}).get("runs", {}).get(piece, [])
    values = [run[name] for run in runs if name in run]
    return statistics.median(values) if values else None


def most(record: Record | None, piece: str, name: str) -> float | None:
    """The largest of a figure over a piece's runs: what a limit on memory is held against."""
    values = [run[name] for run in (record or {}).get("runs", {}).get(piece, []) if name in run]
    return max(values) if values else None


def describe_machine(upline: str) -> Record:
    """The machine and the versions that the figures are of."""
    versions = subprocess.check_output(
        [Path(upline).with_name("python"), "-c",
         "import platform, duckdb; print(platform.python_version(), duckdb.__version__)"],
        text=True,
    ).split()  # fmt: skip
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _told("/proc/cpuinfo", "model name"),
        "memory_gib": round(int(_told("/proc/meminfo", "MemTotal").split()[0]) / 2**20, 1),
        "kernel": platform.release(),
        "python": versions[0],
        "duckdb": versions[1],
    }


def _told(path: str, name: str) -> str:
    """What a line of a file under /proc says after its name."""
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"
