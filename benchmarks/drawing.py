"""Draws plots as SVG by hand: lines on two logarithmic axes, and columns in a row.

Belongs here: geometry and the look, light and dark. Does not: what is drawn. Every plot carries its
figures in words, and its series differ in their marks and their labels, not in colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 92, 190, 52, 54
LABEL_HEIGHT = 17
STYLE = """
:root { --page: #fff; --ink: #1c2330; --soft: #5a6475; --line: #dde1e8;
  --s0: #2f4fc4; --s1: #0b7a5b; --s2: #5a6475; --s3: #b3470f; --s4: #93279b; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181f; --ink: #e9ecf2; --soft: #a7b0bf; --line: #313946;
    --s0: #8fa8ff; --s1: #4fc79c; --s2: #a7b0bf; --s3: #f0925a; --s4: #dd8ae4; } }
.page { fill: var(--page); } .grid { stroke: var(--line); }
text { font: 13px system-ui, sans-serif; fill: var(--soft); }
.title { font-size: 16px; font-weight: 600; fill: var(--ink); }
.line { fill: none; stroke-width: 2; } .mark { stroke: var(--page); stroke-width: 1.5; }
""" + "\n".join(
    f".l{at} {{ stroke: var(--s{at}); }} .m{at}, text.t{at} {{ fill: var(--s{at}); }}"
    for at in range(5)
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A series of points, and its name."""

    name: str
    points: list[tuple[float, float]]


def number(value: float) -> str:
    """A figure as short as it is clear."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def frame(name: str, title: str, told: str, drawn: list[str]) -> str:
    """The whole SVG around what is drawn."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d">\n'
        f'<title id="{name}-t">{escape(title)}</title>\n<desc id="{name}-d">{escape(told)}</desc>\n'
        f'<style>{STYLE}</style>\n<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>\n'
    )
    return head + text(20, 28, title, "title", "start") + "\n" + "\n".join(drawn) + "\n</svg>\n"


def text(x: float, y: float, words: str, css: str = "", anchor: str = "middle") -> str:
    """Words at a place."""
    look = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{look}>{escape(words)}</text>'


def mark(shape: int, x: float, y: float) -> str:
    """A series' mark at a point: a circle, square, diamond, triangle or bar."""
    shapes = (
        "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z", "M-5 -5H5V5H-5Z", "M0 -6.5L6.5 0L0 6.5L-6.5 0Z",
        "M0 -6.5L6 5H-6Z", "M-7 -3H7V3H-7Z",
    )  # fmt: skip
    place = f'transform="translate({x:.1f} {y:.1f})"'
    return f'<path class="mark m{shape}" {place} d="{shapes[shape]}"/>'


def grid(y: float, words: str, right: float) -> list[str]:
    """A line across the plot, and what it stands for."""
    return [
        f'<path class="grid" d="M{LEFT} {y:.1f}H{right:.1f}"/>',
        text(LEFT - 8, y + 4, words, anchor="end"),
    ]


def draw_lines(
    name: str, title: str, unit: str, ticks: Sequence[tuple[float, str]], lines: list[Line]
) -> str:
    """Lines on logarithmic axes.

    In: the ticks of the horizontal axis with their names, and up to five series by those ticks.
    """
    values = [y for line in lines for _, y in line.points]
    low = 10 ** math.floor(math.log10(min(values)))
    high = 10 ** math.ceil(math.log10(max(values) * 1.001))
    first, last = math.log10(ticks[0][0]), math.log10(ticks[-1][0])
    right = WIDTH - RIGHT

    def across(x: float) -> float:
        share = (math.log10(x) - first) / (last - first) if last > first else 0.5
        return LEFT + 20 + share * (right - LEFT - 30)

    def up(y: float) -> float:
        share = math.log10(y / low) / math.log10(high / low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    drawn: list[str] = []
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        drawn += grid(up(10.0**power), f"{number(10.0**power)} {unit}", right)
    for x, words in ticks:
        drawn.append(f'<path class="grid" d="M{across(x):.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        drawn.append(text(across(x), HEIGHT - BOTTOM + 22, words))
    ends = spread([up(line.points[-1][1]) for line in lines])
    for at, (line, end) in enumerate(zip(lines, ends, strict=True)):
        path = "L".join(f"{across(x):.1f} {up(y):.1f}" for x, y in line.points)
        drawn.append(f'<path class="line l{at}" d="M{path}"/>')
        drawn += [mark(at, across(x), up(y)) for x, y in line.points]
        drawn.append(mark(at, right + 16, end))
        drawn.append(text(right + 28, end + 4, line.name, f"t{at}", "start"))
    told = "; ".join(
        f"{line.name}: " + ", ".join(f"{number(y)} {unit} at {x:,.0f}" for x, y in line.points)
        for line in lines
    )
    return frame(name, title, f"By members, both axes logarithmic. {told}.", drawn)


def spread(heights: list[float]) -> list[float]:
    """Heights for labels, moved apart as far as they need, in the same order."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = [heights[at] for at in order]
    for at in range(1, len(placed)):
        placed[at] = max(placed[at], placed[at - 1] + LABEL_HEIGHT)
    excess = max(0.0, placed[-1] - (HEIGHT - BOTTOM)) if placed else 0.0
    found = [0.0] * len(heights)
    for at, height in zip(order, placed, strict=True):
        found[at] = height - excess
    return found


def draw_columns(name: str, title: str, unit: str, columns: list[tuple[str, float]]) -> str:
    """A column for each name, from nothing up; every sixth is named, and the last."""
    right, floor = WIDTH - 24, HEIGHT - BOTTOM
    most = max(value for _, value in columns)
    power = 10 ** math.floor(math.log10(most))
    step = next(each * power for each in (0.2, 0.5, 1.0, 2.0) if most / (each * power) <= 6)
    top = math.ceil(most / step) * step
    slot = (right - LEFT) / len(columns)
    drawn: list[str] = []
    for at in range(round(top / step) + 1):
        drawn += grid(floor - at * step / top * (floor - TOP), f"{number(at * step)} {unit}", right)
    for at, (words, value) in enumerate(columns):
        height = value / top * (floor - TOP)
        x = LEFT + slot * (at + 0.15)
        drawn.append(f'<rect class="m0" x="{x:.1f}" y="{floor - height:.1f}" '
                     f'width="{slot * 0.7:.1f}" height="{height:.1f}"/>')  # fmt: skip
        if at % 6 == 0 or at == len(columns) - 1:
            drawn.append(text(x + slot * 0.35, floor + 22, words))
    told = ", ".join(f"{words} {number(value)}" for words, value in columns)
    return frame(name, title, f"{unit} by month: {told}.", drawn)
