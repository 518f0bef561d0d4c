"""How long `explain` and `simulate` take: `python -m benchmarks.proof explain --book B --home H`.

Belongs here: which ids are explained, and that each run is a whole process. Nothing is kept: what
was measured is printed, and docs/performance.md tells it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.processes import run

UPLINE = [sys.executable, "-m", "pipelines.command_line"]
IDS = {
    "order": "select order_id as id from drops.orders",
    "member": "select member_id as id from drops.members",
    "seat": "select distinct seat_id as id from referral.qualification",
}
MOST_OF_BV = """
    select member_id from finance.bv_ledger where member_id <> '' group by member_id
    order by count(*) desc, 1 limit 1
"""


def choose_ids(home: Path, count: int) -> list[tuple[str, str]]:
    """So many ids of each kind, evenly spread over all, and the member with most entries."""
    chosen: list[tuple[str, str]] = []
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        for kind, query in IDS.items():
            picked = con.execute(
                f"select id from (select id, row_number() over (order by id) - 1 as place, "
                f"count(*) over () as ids from ({query})) "
                f"where place % greatest(ids // $count, 1) = 0 order by place limit $count",
                {"count": count},
            )
            chosen += [(kind, str(id)) for (id,) in picked.fetchall()]
        chosen += [("member", str(id)) for (id,) in con.execute(MOST_OF_BV).fetchall() if id]
    return chosen


def measure_explain(book: Path, home: Path, count: int) -> None:
    """Print the seconds and the memory of each story."""
    where: list[str | Path] = ["--book", book, "--home", home]
    for kind, id in choose_ids(home, count):
        done = run([*UPLINE, "explain", kind, id, *where])
        lines = done.printed.count("\n")
        print(f"explain {kind:<6} {id:<12} {done.seconds:6.2f} s  {done.processor_seconds:6.2f} s "
              f"of processors  {done.peak_mib:>5} MiB  {lines} lines", flush=True)  # fmt: skip


def measure_simulate(book: Path, home: Path, through: str) -> None:
    """Print the seconds and the memory of a simulation under the book's own policy."""
    with tempfile.TemporaryDirectory(prefix="simulated-") as folder:
        done = run([
            *UPLINE, "simulate", "--book", book, "--home", home, "--through", through,
            "--policy", book / "policy.toml", "--to", Path(folder) / "to",
        ])  # fmt: skip
    print(done.printed.splitlines()[-2])
    print(f"simulate to {through} {done.seconds:6.2f} s  {done.processor_seconds:6.2f} s of "
          f"processors  {done.peak_mib:>5} MiB")  # fmt: skip


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("explain", "simulate"))
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--home", type=Path, required=True, help="in which the book is closed")
    parser.add_argument("--count", type=int, default=3, help="of each kind, to explain")
    parser.add_argument("--through", help="the last month, to simulate")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    if chosen.what == "explain":
        measure_explain(chosen.book.absolute(), chosen.home.absolute(), chosen.count)
    else:
        measure_simulate(chosen.book.absolute(), chosen.home.absolute(), chosen.through)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
