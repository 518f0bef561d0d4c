"""What the measurements are held against: each ratio with its target.

Belongs here: the targets, and how each ratio comes from the medians. A ratio of something that was
not measured is nothing, never a guess.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from benchmarks.results import SIZE_ORDER, Record, median, most

MOST_TIMES_FLOOR, MOST_M_SECONDS, MOST_M_MIB = 3.0, 22.0, 2_048.0
LEAST_TIMES_PEERS_AT_M, LEAST_TIMES_PEERS_AT_S = 5.0, 1.5
MOST_L_SECONDS, MOST_L_WHOLE_SECONDS, MOST_L_MIB = 150.0, 300.0, 8_192.0
MOST_GROWTH = 1.05
MOST_CHAIN, MOST_RISE = 1.5, 0.3
MOST_SAMPLE_SECONDS, MOST_HELP_SECONDS = 1.5, 0.15
MOST_RUN_AT_M, MOST_RUN_OF_SAMPLE = 1.1, 2.0


@dataclass(frozen=True)
class Ratio:
    """A figure with its target: at most or at least so much."""

    what: str
    measured: float | None
    target: float
    unit: str = ""
    is_least: bool = False

    @property
    def verdict(self) -> str:
        """Met, missed, or not measured."""
        if self.measured is None:
            return "not measured"
        holds = self.measured >= self.target if self.is_least else self.measured <= self.target
        return "met" if holds else "missed"


def divided(upper: float | None, lower: float | None) -> float | None:
    """A ratio; None when a part of it was not measured."""
    return None if upper is None or not lower else upper / lower


def without_packs(record: Record | None) -> float | None:
    """Seconds of a close that leaves the leaders' packs out: of runs of its own, with clocks."""
    return median(record, "apart", "seconds")


def packs_a_second(record: Record | None) -> float | None:
    """Packs written, by the seconds from their begin to their end."""
    return divided(
        median(record, "stages", "packs_written"), median(record, "stages", "packs_span")
    )


def growth(smaller: Record | None, larger: Record | None) -> float | None:
    """The exponent with which the time without packs grows with the members."""
    first, last = without_packs(smaller), without_packs(larger)
    if smaller is None or larger is None or first is None or last is None:
        return None
    return math.log(last / first) / math.log(larger["members"] / smaller["members"])


def month_seconds(record: Record | None) -> list[tuple[str, float]]:
    """The months of a record of months, each with the median of its seconds."""
    if record is None:
        return []
    [(piece, runs)] = record["runs"].items()
    by_month: dict[str, list[Record]] = {}
    for run in runs:
        for month in run["months"]:
            by_month.setdefault(month["month"], []).append({"seconds": month["seconds"]})
    return [
        (month, median({"runs": {piece: found}}, piece, "seconds") or 0.0)
        for month, found in by_month.items()
    ]


def most_as_a_run(records: dict[str, Record]) -> float | None:
    """How long a month of the sample takes as a run, of what it takes by the command: the most."""
    commands = dict(month_seconds(records.get("sample")))
    runs = month_seconds(records.get("desk"))
    return max(
        (seconds / commands[month] for month, seconds in runs if month in commands), default=None
    )


def slope(seconds: list[float]) -> float:
    """Seconds a month that a straight line through the months rises."""
    fitted = statistics.linear_regression(range(len(seconds)), seconds)
    return float(fitted.slope)


def rise_a_month(record: Record) -> tuple[float, float]:
    """The seconds that a month takes more than the one before after the first third of them, and
    their share of such a month."""
    months = [seconds for _, seconds in month_seconds(record)]
    late = months[len(months) // 3 :]
    rise = slope(late)
    return rise, rise / statistics.fmean(late)


def peer_ratios(size: str, record: Record | None, target: float) -> list[Ratio]:
    """How long the peers take for what they do, of what the same takes here."""
    own = median(record, "alike", "seconds")
    peers = {"the pandas script, all drops read anew": "pandas",
             "PostgreSQL, history loaded": "postgres"}  # fmt: skip
    return [
        Ratio(f"{size}: {name}, times the same work here",
              divided(median(record, piece, "seconds"), own), target, is_least=True)
        for name, piece in peers.items()
    ]  # fmt: skip


def ratios(records: dict[str, Record]) -> list[Ratio]:
    """Every ratio with its target."""
    small, middle, large = (records.get(f"{size} tree") for size in SIZE_ORDER)
    whole = median(middle, "close", "seconds")
    chain = median(records.get("M chain"), "close", "seconds")
    slowest = max((seconds for _, seconds in month_seconds(records.get("sample"))), default=None)
    months = records.get("months")
    rise = 100 * rise_a_month(months)[1] if months else None
    return [
        Ratio("M: the close, times the floor", divided(whole, median(middle, "floor", "seconds")),
              MOST_TIMES_FLOOR),
        Ratio("M: the close", whole, MOST_M_SECONDS, "seconds"),
        Ratio("M: peak memory", most(middle, "close", "peak_mib"), MOST_M_MIB, "MiB"),
        Ratio("M: a run of the UI, times the command",
              divided(median(middle, "dagster", "seconds"), whole), MOST_RUN_AT_M),
        *peer_ratios("M", middle, LEAST_TIMES_PEERS_AT_M),
        *peer_ratios("S", small, LEAST_TIMES_PEERS_AT_S),
        Ratio("L: the close without packs", without_packs(large), MOST_L_SECONDS, "seconds"),
        Ratio("L: the close with packs", median(large, "stages", "seconds"), MOST_L_WHOLE_SECONDS,
              "seconds"),
        Ratio("L: peak memory", most(large, "apart", "tree_peak_mib"), MOST_L_MIB, "MiB"),
        Ratio("S to L: the close without packs grows as members to the power of",
              growth(small, large), MOST_GROWTH),
        Ratio("M: a chain of all members, times the tree", divided(chain, whole), MOST_CHAIN),
        Ratio("data/sample: the slowest month", slowest, MOST_SAMPLE_SECONDS, "seconds"),
        Ratio("data/sample: a run of the UI, times the command", most_as_a_run(records),
              MOST_RUN_OF_SAMPLE),
        Ratio("36 months: a month takes more than the one before", rise, MOST_RISE, "per cent"),
        Ratio("upline --help", median(records.get("help"), "help", "seconds"), MOST_HELP_SECONDS,
              "seconds"),
    ]  # fmt: skip
