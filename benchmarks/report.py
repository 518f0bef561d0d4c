"""Prints what was measured as Markdown, with the targets, and draws it.

    python -m benchmarks.report --work build/bench --plots docs/plots

Belongs here: tables from the records of results.json. Nothing is measured, and nothing is left out
because it does not please.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.plots import write_plots
from benchmarks.ratios import growth, month_seconds, ratios
from benchmarks.results import Record, Results
from benchmarks.subject_tables import figure, print_subjects, table
from benchmarks.trend import describe_trend, thirds


def in_order(records: dict[str, Record]) -> list[str]:
    """The subjects that are books of a size, smallest first, trees before chains."""
    sized = [name for name, record in records.items() if "size" in record]
    return sorted(sized, key=lambda name: (records[name]["variant"] == "chain",
                                           records[name]["members"]))  # fmt: skip


def print_months(records: dict[str, Record]) -> None:
    """The 36 months: the first third against the last, and the trend after the first year."""
    record = records["months"]
    runs = len(record["runs"]["months"])
    print(f"\n### 36 months one after the other: {record['members']:,} members, {runs} runs\n")
    head = ("months", "seconds a month", "MB a drop", "members", "orders")
    print(table(head, [
        (part.name, figure(part.seconds), figure(part.megabytes), figure(part.members, 0),
         figure(part.orders, 0)) for part in thirds(record)
    ]))  # fmt: skip
    print("\n".join(f"- {line}" for line in describe_trend(record)))


def print_sample(records: dict[str, Record]) -> None:
    """The sample book's months."""
    record = records["sample"]
    print(f"\n### data/sample, {len(record['runs']['sample'])} runs\n")
    runs = dict(month_seconds(records.get("desk")))
    rows = [
        (month, figure(seconds), figure(runs.get(month)))
        for month, seconds in month_seconds(record)
    ]
    print(table(("month", "seconds of `upline close`", "as a run of the UI"), rows))


def print_ratios(records: dict[str, Record]) -> None:
    """Every ratio with its target."""
    print("\n### Ratios and their targets\n")
    rows = [
        (each.what, figure(each.measured, 0 if each.unit == "MiB" else 2, each.unit),
         f"{'at least' if each.is_least else 'at most'} {each.target:,.10g} {each.unit}".strip(),
         each.verdict) for each in ratios(records)
    ]  # fmt: skip
    print(table(("what", "measured", "target", ""), rows))
    trees = [name for name in in_order(records) if records[name]["variant"] == "tree"]
    for smaller, larger in zip(trees, trees[1:], strict=False):
        power = growth(records[smaller], records[larger])
        if power is not None:
            print(f"- {smaller} to {larger}: the close without packs grows as members to the power "
                  f"of {power:.2f}")  # fmt: skip


def print_machine(records: dict[str, Record]) -> None:
    """The machines, and whether all was measured with one state of Upline."""
    machines = {
        "{cores} cores ({processor}), {memory_gib} GiB, Linux {kernel}, Python {python}, "
        "DuckDB {duckdb}".format(**record["machine"]) for record in records.values()
    }  # fmt: skip
    days = {day for record in records.values() for day in record["measured_on"].values()}
    print(f"Measured {min(days)} to {max(days)} on {'; and on '.join(sorted(machines))}.")
    programs = {each for record in records.values() for each in record["program_of"].values()}
    if len(programs) > 1:
        print(f"Not all with the same state of Upline: {', '.join(sorted(programs))}.")


def main() -> None:
    """Print everything that results.json holds; write the plots where a folder is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--plots", type=Path, help="write plots into this folder, as SVG")
    chosen = parser.parse_args()
    records = Results(chosen.work / "results.json").read()
    if not records:
        raise SystemExit(f"{chosen.work} holds no results yet: measure something first")
    print_machine(records)
    print_subjects(records, in_order(records))
    if "months" in records:
        print_months(records)
    if "sample" in records:
        print_sample(records)
    print_ratios(records)
    if chosen.plots:
        for path in write_plots(records, chosen.plots):
            print(f"- {path}")


if __name__ == "__main__":
    main()
