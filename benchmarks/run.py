"""Measures the close of one ordinary month at full history, with peers beside it in the same run.

    python -m benchmarks.run --size S --runs 3 --upline .venv/bin/upline --work build/bench

Belongs here: which pieces are run, in which order, how often. The pieces take turns, so that a slow
minute of the machine falls on all of them. The figures go into results.json and the tables of this
subject are printed; it fails when a peer's CSV files are not Upline's.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from benchmarks.pieces import PEERS, PIECES, Figures, Postgres
from benchmarks.results import Results, describe_machine
from benchmarks.subject_tables import print_subjects
from benchmarks.subjects import Subject, clear, prepare, program_digest

START = time.monotonic()
Runs = dict[str, list[Figures]]


def say(text: str) -> None:
    """Print progress, beside the table that comes on standard output."""
    print(f"{time.monotonic() - START:7.0f} s  {text}", file=sys.stderr, flush=True)


def measure(
    subject: Subject, upline: str, times: dict[str, int], keep: Callable[[Runs], None]
) -> Runs:
    """Run the pieces in turn, each so many times; out: each piece's runs.

    They are kept after every run, so that a piece that fails takes no other with it.
    """
    found: Runs = defaultdict(list)
    postgres = Postgres(subject)
    run_piece = PIECES | {"postgres": postgres}
    needs_reports = {"floor", "alike", *PEERS} & times.keys()
    if needs_reports and "close" not in times and not subject.reports.exists():
        raise SystemExit("no reports to compare with: measure the piece close first")
    try:
        for turn in range(max(times.values())):
            for piece in [name for name in times if turn < times[name]]:
                figures = run_piece[piece](subject, upline)
                found[piece].append(figures)
                keep(found)
                told = figures.get("missing") or f"{figures['seconds']:.2f} seconds"
                say(f"{subject.size} {subject.variant}  {piece} {turn + 1}: {told}")
    finally:
        postgres.end()
        clear(subject)
    return found


def differing(runs: Runs) -> list[str]:
    """The CSV files of peers that are not Upline's."""
    return sorted({
        f"{piece}: {path}"
        for piece, figures in runs.items() for each in figures for path in each.get("differing", [])
    })  # fmt: skip


def main() -> int:
    """Measure and print; out: 1 when the figures of a peer differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="S", help="S, M, L or a number of members")
    parser.add_argument("--variant", default="tree", choices=("tree", "chain"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-runs", type=int, help="runs of pandas and PostgreSQL, if fewer")
    parser.add_argument("--pieces", default=",".join([*PIECES, "postgres"]),
                        help="some of: %(default)s")  # fmt: skip
    parser.add_argument("--fresh", action="store_true", help="make book and history again")
    parser.add_argument("--upline", default=".venv/bin/upline")
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    chosen = parser.parse_args()
    pieces = [name for name in [*PIECES, "postgres"] if name in chosen.pieces.split(",")]
    if unknown := set(chosen.pieces.split(",")) - set(pieces):
        parser.error(f"no such piece: {', '.join(sorted(unknown))}")
    upline = str(Path(chosen.upline).absolute())
    subject = Subject(chosen.size, chosen.variant, chosen.work)
    prepare(subject, upline, chosen.fresh, say)
    peer_runs = chosen.runs if chosen.peer_runs is None else chosen.peer_runs
    times = {name: peer_runs if name in PEERS else chosen.runs for name in pieces}
    told = {
        "size": subject.size, "variant": subject.variant, "members": subject.members,
        "program": program_digest(), "machine": describe_machine(upline), "made": subject.made(),
    }  # fmt: skip
    results = Results(chosen.work / "results.json")
    name = f"{subject.size} {subject.variant}"
    runs = measure(subject, upline, times, lambda found: results.keep(name, told, found))
    print_subjects(results.read(), [name])
    wrong = differing(runs)
    if wrong:
        print(f"CSV files that differ from Upline's: {', '.join(wrong)}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
