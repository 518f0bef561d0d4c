"""What is drawn of the results: time and memory by size, and the seconds of each of 36 months."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.drawing import Line, draw_columns, draw_lines
from benchmarks.ratios import month_seconds, without_packs
from benchmarks.results import Record, median, most

Figure = Callable[[Record], float | None]
TIMES: tuple[tuple[str, Figure], ...] = (
    ("upline close", lambda record: median(record, "close", "seconds")),
    ("without leaders' packs", without_packs),
    ("the floor", lambda record: median(record, "floor", "seconds")),
    ("pandas, all drops", lambda record: median(record, "pandas", "seconds")),
    ("PostgreSQL", lambda record: median(record, "postgres", "seconds")),
)
MEMORY: tuple[tuple[str, Figure], ...] = (
    ("upline close", lambda record: most(record, "close", "peak_mib")),
    ("without leaders' packs", lambda record: most(record, "apart", "tree_peak_mib")),
    ("as a run of the UI", lambda record: most(record, "dagster", "peak_mib")),
    ("the floor", lambda record: most(record, "floor", "peak_mib")),
    ("pandas, all drops", lambda record: most(record, "pandas", "peak_mib")),
)


def write_plots(records: dict[str, Record], folder: Path) -> list[Path]:
    """Write the plots that there are figures for; out: their files."""
    trees = sorted(
        (record for record in records.values() if record.get("variant") == "tree"),
        key=lambda record: int(record["members"]),
    )
    drawn = {}
    ticks = [(float(record["members"]), label(record)) for record in trees]
    if times := lines_of(trees, TIMES):
        drawn["time"] = draw_lines("time", "One month by the size of the book", "s", ticks, times)
    if memory := lines_of(trees, MEMORY):
        drawn["memory"] = draw_lines("memory", "Peak memory by the size of the book", "MiB", ticks,
                                     memory)  # fmt: skip
    if "months" in records:
        members = records["months"]["members"]
        title = f"Seconds of each of 36 months, {members:,} members, closed one after the other"
        drawn["months"] = draw_columns("months", title, "s", month_seconds(records["months"]))
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in drawn.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    return [folder / f"{name}.svg" for name in drawn]


def label(record: Record) -> str:
    """How a size is named on an axis."""
    members = f"{record['members']:,}"
    return members if record["size"].isdigit() else f"{record['size']}: {members}"


def lines_of(trees: list[Record], wanted: tuple[tuple[str, Figure], ...]) -> list[Line]:
    """The series that were measured at any size."""
    lines = []
    for name, figure in wanted:
        found = [(float(record["members"]), figure(record)) for record in trees]
        points = [(members, value) for members, value in found if value]
        if points:
            lines.append(Line(name, points))
    return lines
