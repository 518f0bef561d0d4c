"""Numbers as the text of an export: ids, money, times in several notations, names, e-mails.

Belongs here: vectorised formatting. Does not: deciding what to format.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from benchmarks.synthesis.plan import Plan

DAY_SECONDS = 86_400
FIRST_NAMES = (
    "Ann", "Bram", "Carla", "Daan", "Élodie", "Femke", "Güler", "Hugo", "Inés", "Jan", "Kees",
    "Lotte", "María", "Noor", "Óscar", "Pim", "Quinn", "Roos", "Sofía", "Tim", "李雷", "Wim",
)  # fmt: skip
LAST_NAMES = (
    "de Vries", "Jansen", "O'Neil", "García", "Smith", "Peeters", "Ng, Jr.", "Müller", "Bakker",
    "Martin", "van den Berg", "Claes", "Jones", "López", "\"Ace\" Visser", "Byrne", "Kelly",
)  # fmt: skip
TIME_SUFFIXES = ("Z", "+05:30", "-07:00", "")
SUFFIX_SECONDS = np.array([0, 19_800, -25_200, 0])
SUFFIX_SHARES = (0.55, 0.10, 0.10, 0.25)


def id_text(prefix: str, numbers: np.ndarray, width: int = 9) -> pl.Series:
    """Ids such as `O000000017`."""
    return pl.select(
        pl.lit(prefix) + pl.Series("id", numbers).cast(pl.String).str.zfill(width)
    ).to_series()


def take(values: tuple[str, ...] | pl.Series, positions: np.ndarray) -> pl.Series:
    """The values at the given positions; a negative position is an empty cell."""
    series = values if isinstance(values, pl.Series) else pl.Series(values)
    index = pl.Series(positions.astype(np.int64))
    return series.gather(index.set(index < 0, None))


@cache
def _money_table() -> pl.Series:
    cents = pl.Series(np.arange(400_000))
    return pl.select(
        (cents // 100).cast(pl.String) + "." + (cents % 100).cast(pl.String).str.zfill(2)
    ).to_series()


def money_text(cents: np.ndarray) -> pl.Series:
    """Amounts of up to 3,999.99 with two places."""
    return _money_table().gather(cents.astype(np.int64))


def date_column(days: np.ndarray) -> pl.Series:
    """Dates from days since 1970; a negative day is an empty cell."""
    numbers = pl.Series(days.astype(np.int32))
    return numbers.set(numbers < 0, None).cast(pl.Date)


@cache
def _clock_table() -> pl.Series:
    seconds = np.arange(DAY_SECONDS)
    parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
    hour, minute, second = (pl.Series(part).cast(pl.String).str.zfill(2) for part in parts)
    return hour + ":" + minute + ":" + second


def time_text(plan: Plan, rng: np.random.Generator, instants: np.ndarray) -> pl.Series:
    """UTC seconds as exports print them: in UTC, with an offset, or in the company's time."""
    days = instants // DAY_SECONDS
    styles = rng.choice(len(TIME_SUFFIXES), len(instants), p=SUFFIX_SHARES)
    styles[plan.is_change_day[days]] = 0
    shifts = np.where(styles == 3, plan.offsets[days], SUFFIX_SECONDS[styles])
    printed = instants + shifts
    first = int(printed.min() // DAY_SECONDS) if len(printed) else 0
    last = int(printed.max() // DAY_SECONDS) if len(printed) else 0
    dates = date_column(np.arange(first, last + 1)).cast(pl.String)
    separator = take(("T", " "), (rng.random(len(printed)) < 0.1).astype(np.int64))
    date = dates.gather(printed // DAY_SECONDS - first)
    clock = _clock_table().gather(printed % DAY_SECONDS)
    frame = pl.DataFrame([date.alias("a"), separator.alias("b"), clock.alias("c"),
                          take(TIME_SUFFIXES, styles).alias("d")])  # fmt: skip
    return frame.select(pl.concat_str("a", "b", "c", "d")).to_series()


@cache
def _name_table() -> pl.Series:
    return pl.Series([f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES])


def name_text(numbers: np.ndarray) -> pl.Series:
    """A name for each number, always the same one."""
    return _name_table().gather(numbers.astype(np.int64) * 7919 % len(_name_table()))


def email_text(prefix: str, numbers: np.ndarray) -> pl.Series:
    """An address for each number, always the same one, now and then in capitals."""
    series = pl.Series("n", numbers)
    return pl.select(
        pl.when(series % 50 == 7)
        .then(pl.lit(prefix.upper()) + series.cast(pl.String) + pl.lit("@SHOP.EXAMPLE"))
        .otherwise(pl.lit(prefix) + series.cast(pl.String) + pl.lit("@shop.example"))
    ).to_series()
