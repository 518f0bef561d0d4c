"""How reasons are put into words: lists, spans of days, what stood at a close.

Belongs here: words and choices that several rules' reasons share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

MOST_NAMED = 5
Values = dict[str, Any]


def listed(names: Iterable[object], most: int = MOST_NAMED) -> str:
    """Names as a sentence has them: `a`, `a and b`, `a, b and c`, `a, b and 7 more`."""
    told = [str(name) for name in names]
    if len(told) > most:
        told = [*told[: most - 1], f"{len(told) - most + 1} more"]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def span(start: date, end: date | None) -> str:
    """A span of days: `from 2020-02-20` or `2020-02-20 to 2020-03-20`."""
    return f"from {start}" if end is None else f"{start} to {end}"


def described_hold(hold: Values) -> str:
    """A hold in words: `a referral hold of Wei (HOLD-2, from 2020-02-20)`."""
    days = span(hold["starts_on"], hold["ends_on"])
    return f"a {hold['kind']} hold of {hold['member_id']} ({hold['hold_id']}, {days})"


def in_force(row: Values, start: date, end: date | None = None) -> bool:
    """Whether a row with starts_on and ends_on touches a day, or a span of days."""
    last = end or start
    return bool(row["starts_on"] <= last and (row["ends_on"] is None or row["ends_on"] >= start))


def standing_at(rows: Sequence[Values], key: Sequence[str], month: str) -> list[Values]:
    """Of all versions of records those that stood at a month's close."""
    newest: dict[tuple[Any, ...], Values] = {}
    for row in sorted(rows, key=lambda row: str(row["drop_month"])):
        if row["drop_month"] <= month:
            newest[tuple(row[name] for name in key)] = row
    return list(newest.values())


def short_day(day: date) -> str:
    """A day without its year: `27 April`."""
    return f"{day.day} {day:%B}"
