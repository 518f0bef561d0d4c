"""The tables of one subject: its close, the stages, the same elsewhere, the peers.

Belongs here: which figure of a record stands in which row. A piece that was not run says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks.ratios import divided, packs_a_second
from benchmarks.results import Record, median, most

STAGES = {
    "validate": "reading, checking and loading every row",
    "rules": "the rules",
    "reports": "reports: CSV files, pages, workbook; the warehouse copied beside",
    "packs": "leaders' packs, as far as nothing else is done",
    "seal": "digests and seal",
    "publish": "flushing to the disk, publishing",
}
FLOOR = {
    "read": "the floor: reading the drop typed",
    "scan": "the floor: one scan of 24 months of orders",
    "write": "the floor: writing the reports' bytes, packs apart",
    "write_packs": "the floor: writing the packs' bytes",
}


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table; None is an empty cell."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [["" if cell is None else str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def figure(value: float | None, places: int = 2, unit: str = "") -> str | None:
    """A figure with so many places and its thousands apart."""
    return None if value is None else f"{value:,.{places}f} {unit}".strip()


def print_subjects(records: dict[str, Record], names: list[str]) -> None:
    """The tables of some subjects, and the machine they were measured on."""
    for name in names:
        record = records[name]
        print(f"\n### {name}: {record['members']:,} members\n")
        head = ("what", "seconds", "share", "times the floor", "peak MiB", "runs")
        print(table(head, rows_of(record)))
        for line in facts_of(record):
            print(f"- {line}")


def rows_of(record: Record) -> list[tuple[str | None, ...]]:
    """A subject's table: the close, its stages, the same elsewhere, the peers."""

    def row(what: str, piece: str, name: str = "seconds", peak: str = "") -> tuple[str | None, ...]:
        return cells(record, what, piece, median(record, piece, name), most(record, piece, peak))

    missing = [run["missing"] for run in record["runs"].get("postgres", []) if "missing" in run]
    what = f"PostgreSQL: {missing[0]}" if missing else "**PostgreSQL, history loaded**"
    return [
        row("**`upline close`, everything**", "close", peak="peak_mib"),
        *stage_rows(record),
        row("the same close as a run of the UI", "dagster", peak="peak_mib"),
        *(row(name, "floor", part) for part, name in FLOOR.items()),
        row("**the floor, everything**", "floor", peak="peak_mib"),
        row("**the peers' own work, and no more**", "alike", peak="peak_mib"),
        row("**pandas, every drop read anew**", "pandas", peak="peak_mib"),
        row("pandas, the month alone, history in memory", "pandas", "month_seconds"),
        row(what, "postgres"),
    ]


def stage_rows(record: Record) -> list[tuple[str | None, ...]]:
    """Where the time of a close goes, from the runs with clocks: with packs and without them."""
    return [
        *clocked_rows(record, "stages", "the close with clocks"),
        *clocked_rows(record, "apart", "the close with clocks, packs left out"),
    ]


def clocked_rows(record: Record, piece: str, name: str) -> list[tuple[str | None, ...]]:
    """The stages of a piece that has clocks, and its whole."""
    whole = median(record, piece, "seconds")
    if whole is None:
        return []
    parts = {what: median(record, piece, name) or 0.0 for name, what in STAGES.items()}
    parts["start of Python, digests of the inputs, the rest"] = whole - sum(parts.values())
    rows = [
        cells(record, f"… {what}", piece, seconds, None, seconds / whole)
        for what, seconds in parts.items()
        if piece == "stages" or what != STAGES["packs"]
    ]
    peak = most(record, piece, "tree_peak_mib")
    return [cells(record, f"**{name}**", piece, whole, peak), *rows]


def cells(
    record: Record,
    what: str,
    piece: str,
    seconds: float | None,
    peak: float | None,
    share: float | None = None,
) -> tuple[str | None, ...]:
    """A row of the table."""
    least = median(record, "floor", "seconds")
    runs = len(record["runs"].get(piece, []))
    return (what, figure(seconds) or "not measured",
            None if share is None else f"{share:.0%}", figure(divided(seconds, least), 1),
            figure(peak, 0), str(runs))  # fmt: skip


def facts_of(record: Record) -> list[str]:
    """What a subject's table has no row for."""
    told = []
    closes = [run["seconds"] for run in record["runs"].get("close", [])]
    if closes:
        size = (median(record, "close", "warehouse_bytes") or 0) / 2**20
        told.append(f"closes took {min(closes):.2f} to {max(closes):.2f} seconds; "
                    f"the warehouse has {size:,.0f} MiB")  # fmt: skip
    rate, packs = packs_a_second(record), median(record, "stages", "packs_written")
    if rate and packs:
        span = median(record, "stages", "packs_span")
        told.append(f"{packs:,.0f} packs in {span:,.2f} seconds beside the other reports: "
                    f"{rate:,.0f} a second")  # fmt: skip
    files = median(record, "floor", "files")
    if files:
        size = (median(record, "floor", "bytes") or 0) / 1e6
        told.append(f"{files:,.0f} report files, {size:,.0f} MB")
    for peer in ("alike", "pandas", "postgres"):
        for run in record["runs"].get(peer, [])[-1:]:
            if "compared" in run:
                told.append(f"{run['compared']} CSV files of {peer}, differing from Upline's: "
                            f"{', '.join(run['differing']) or 'none'}")  # fmt: skip
    made = record.get("made", {})
    if made.get("history", {}).get("by") != record["program"]:
        told.append("another state of Upline has closed the history")
    if len(set(record["program_of"].values())) > 1:
        told.append("the pieces were measured with different states of Upline")
    return told
