"""Small drawings beside figures: a line over the months, a bar in a cell.

Belongs here: geometry for the eye alone; the figures that it shows stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reports.look.formats import Number


@dataclass(frozen=True)
class Spark:
    """A small line: its path, its last point, and where zero is if the values pass it."""

    path: str
    end: str
    zero: str | None


def draw_spark(values: Sequence[Number | float]) -> Spark:
    """A line over 100 by 30 through the values, as far apart as they are."""
    figures = [float(value) for value in values]
    low, high = min(figures), max(figures)
    span = (high - low) or 1.0
    step = 92 / max(len(figures) - 1, 1)
    heights = [26 - 22 * (value - low) / span if high > low else 15 for value in figures]
    points = [(4 + step * at, height) for at, height in enumerate(heights)]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    zero = f"{26 + 22 * low / span:.1f}" if low < 0 < high else None
    return Spark(path, f"M{points[-1][0]:.1f} {points[-1][1]:.1f}h.01", zero)


@dataclass(frozen=True)
class CellBar:
    """A bar over a width of 100, or the line of a change: its path, where it begins and ends."""

    x: str
    width: str
    path: str
    begin: str
    end: str
    zero: str | None


def draw_bar(
    start: Number, end: Number, least: Number, most: Number, was: Number | None = None
) -> CellBar:
    """A bar from start to end on a scale from least to most; with `was` the line from it to end."""
    span = float(most - least) or 1.0

    def place(value: Number | None) -> float:
        return 100 * float((value or 0) - least) / span

    left, right = sorted((place(start), place(end)))
    # Ends are drawn with round caps, which need room.
    first, last = (2 + 0.96 * place(value) for value in (was, end))
    return CellBar(
        f"{left:.2f}", f"{right - left:.2f}", f"M{first:.1f} 7H{last:.1f}",
        f"M{first:.1f} 2V12", f"M{last:.1f} 7h.01",
        f"{100 * float(-least) / span:.2f}" if least < 0 else None,
    )  # fmt: skip
