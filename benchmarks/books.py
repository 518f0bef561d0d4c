"""Makes a valid book of any size from a seed: `python -m benchmarks.books --size S --to DIR`.

Belongs here: the command and the order of work. What is drawn is in `synthesis`.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.synthesis.aftermath import Aftermath
from benchmarks.synthesis.drops import Drops
from benchmarks.synthesis.people import draw_people, snapshot
from benchmarks.synthesis.plan import SIZES, Plan, calendar_text, policy_text
from benchmarks.synthesis.programmes import Programmes
from benchmarks.synthesis.trade import draw_orders, lines_table, orders_table, paid_ranks_table


def write_book(plan: Plan, folder: Path) -> dict[str, int]:
    """Write the book and return how many rows each table got."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.toml").write_text(policy_text(plan), encoding="utf-8")
    (folder / "calendar.csv").write_text(calendar_text(plan), encoding="utf-8")
    people = draw_people(plan)
    drops, aftermath = Drops(plan, folder), Aftermath(plan, people)
    programmes = Programmes(plan, people)
    for month in range(plan.months):
        drop = plan.month(max(month, plan.opening_index))
        parties = programmes.parties(month)
        orders = draw_orders(plan, people, month, parties)
        aftermath.draw(month, orders, parties)
        tables = {
            "orders": orders_table(plan, people, month, orders),
            "order_lines": lines_table(plan, orders),
            "paid_ranks": paid_ranks_table(plan, people, month),
            **aftermath.tables(month),
            **programmes.tables(month),
        }
        if month >= plan.opening_index:
            tables["members"] = snapshot(plan, people, month)
        for table, rows in tables.items():
            drops.add(drop, month, table, rows)
        if month >= plan.opening_index:
            drops.finish(drop)
    return dict(drops.rows)


def main() -> None:
    """Parse the command line, write the book, print what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True, help="a new folder for the book")
    parser.add_argument("--size", default="S", help="S, M, L or a number of members")
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument(
        "--history-months", type=int, default=1,
        help="months in the first drop; 35 of 36 leaves one ordinary month at full history",
    )  # fmt: skip
    parser.add_argument("--variant", choices=("tree", "chain"), default="tree")
    parser.add_argument("--chain", type=int, help="length of the chain; all members if not given")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--bad-share", type=float, default=0.0, help="e.g. 0.001")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    members = SIZES.get(given.size) or int(given.size)
    chain = (given.chain or members) if given.variant == "chain" else 0
    plan = Plan(
        members, given.months, given.history_months, given.variant, chain, given.format,
        given.bad_share, given.seed,
    )  # fmt: skip
    started = time.perf_counter()
    for table, rows in sorted(write_book(plan, given.to).items()):
        print(f"{table:14} {rows:>12,}")
    print(f"written in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
