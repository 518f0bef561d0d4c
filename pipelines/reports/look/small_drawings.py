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
    """A bar over a width of 100, and one hatched that it is compared with."""

    x: str
    width: str
    was_x: str
    was_width: str
    zero: str | None


def draw_bar(
    start: Number, end: Number, least: Number, most: Number, was: Number | None = None
) -> CellBar:
    """A bar from start to end on a scale from least to most."""
    span = float(most - least) or 1.0

    def place(one: Number, other: Number) -> tuple[str, str]:
        left, right = sorted(((float(one - least)) / span, (float(other - least)) / span))
        return f"{100 * left:.2f}", f"{100 * (right - left):.2f}"

    x, width = place(start or 0, end or 0)
    was_x, was_width = place(0 if least <= 0 else least, was or 0)
    zero = f"{100 * float(-least) / span:.2f}" if least < 0 else None
    return CellBar(x, width, was_x, was_width, zero)
