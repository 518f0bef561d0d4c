"""What 36 months one after the other tell: thirds against each other, and a line through them.

Belongs here: arithmetic over a record of months. What is compared: the orders of a drop are as many
in every month, its members grow from two fifths of the book to all of it, nobody is flagged before
the 13th month or removed before the 15th, and 24 months of activity lie behind the 25th. So the
last third closes larger drops than the first; seconds a megabyte of the drop take that out.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from benchmarks.ratios import month_seconds, rise_a_month
from benchmarks.results import Record


@dataclass(frozen=True)
class Part:
    """A third of the months: the means of a month's seconds and of what its drop holds."""

    name: str
    seconds: float
    megabytes: float
    members: float
    orders: float


def thirds(record: Record) -> list[Part]:
    """The first, second and last third of the months."""
    months = month_seconds(record)
    drops = record["runs"]["months"][0]["months"]
    length = len(months) // 3
    parts = []
    for start in (0, length, 2 * length):
        end = start + length
        means = {
            name: statistics.fmean(drop[name] for drop in drops[start:end])
            for name in ("bytes", "members", "orders")
        }
        parts.append(Part(
            f"{start + 1} to {end}", statistics.fmean(each for _, each in months[start:end]),
            means["bytes"] / 1e6, means["members"], means["orders"],
        ))  # fmt: skip
    return parts


def describe_trend(record: Record) -> list[str]:
    """The trend in sentences."""
    first, middle, last = thirds(record)
    rise, share = rise_a_month(record)
    each = [part.seconds / part.megabytes for part in (first, middle, last)]
    return [
        f"the last third took {last.seconds / first.seconds:.2f} times the first, "
        f"with drops {last.megabytes / first.megabytes:.2f} times as large",
        f"the last third took {last.seconds / middle.seconds:.2f} times the second, "
        f"with drops {last.megabytes / middle.megabytes:.2f} times as large",
        f"seconds a megabyte of the drop: {each[0]:.2f}, {each[1]:.2f}, {each[2]:.2f}",
        f"after the first third each month took {rise * 1000:+.1f} "
        f"milliseconds more than the one before, {share:+.1%} of a month",
    ]
