"""The book's months, its calendar rows, and which drop a document reaches.

Only dates and months belong here; no table of the book does.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

TIMEZONE: Final = "Europe/London"
MONTHS: Final = ("2010-12", *(f"2011-{number:02}" for number in range(1, 12)))
CALENDAR_MONTHS: Final = (*MONTHS, "2011-12")
OPENING_DAY: Final = date(2010, 12, 1)
LAST_DAY: Final = date(2011, 11, 30)


def first_day(month: str) -> date:
    """The first day of a month written YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of a month written YYYY-MM."""
    return next_first_day(month) - timedelta(days=1)


def next_first_day(month: str) -> date:
    """The first day of the month after."""
    first = first_day(month)
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def last_sunday(month: str) -> date:
    """The last Sunday of a month."""
    end = last_day(month)
    return end - timedelta(days=end.isoweekday() % 7)


def calendar_rows() -> pl.DataFrame:
    """One row per month: it qualifies up to its last Sunday, benefits start eight days later."""
    ends = [last_sunday("2010-11"), *(last_sunday(month) for month in CALENDAR_MONTHS)]
    closing = last_sunday("2012-01")
    benefits = [end + timedelta(days=8) for end in [*ends[1:], closing]]
    rows = [
        {
            "month": month,
            "qualification_start": ends[number] + timedelta(days=1),
            "qualification_end": ends[number + 1],
            "benefits_start": benefits[number],
            "benefits_end": benefits[number + 1] - timedelta(days=1),
        }
        for number, month in enumerate(CALENDAR_MONTHS)
    ]
    return pl.DataFrame(rows)


def month_of(day: pl.Expr) -> pl.Expr:
    """The drop that holds a day: its month, or the first drop for all that came before."""
    month = day.dt.strftime("%Y-%m")
    return pl.when(month < MONTHS[0]).then(pl.lit(MONTHS[0])).otherwise(month)


def local_time(instant: pl.Expr) -> pl.Expr:
    """An instant in UTC (without zone) as the time on the company's wall."""
    zoned = instant.dt.replace_time_zone("UTC").dt.convert_time_zone(TIMEZONE)
    return zoned.dt.replace_time_zone(None)
