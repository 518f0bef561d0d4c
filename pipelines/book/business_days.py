"""Business days of a country: Monday to Friday but its public holidays (contract 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

import holidays


def count_business_days(
    country: str, first_year: int, last_year: int
) -> Iterator[tuple[str, date, int]]:
    """How many business days have passed, day by day, from the first year's start.

    In: a country in two capitals. Out: (country, day, business days up to and including it) for
    every day to the last year's end; the difference of two days' counts is the number of business
    days from the day after the first up to and including the second. Public holidays are those of
    the `holidays` package, observed days included, without subdivisions; a country that it does
    not know has none.
    """
    years = range(first_year, last_year + 1)
    closed: set[date] = set()
    with suppress(NotImplementedError):
        closed = set(holidays.country_holidays(country, years=years))
    passed, day, end = 0, date(first_year, 1, 1), date(last_year, 12, 31)
    while day <= end:
        if day.weekday() < 5 and day not in closed:
            passed += 1
        yield country, day, passed
        day += timedelta(days=1)


def list_holidays(country: str, first: date, last: date) -> list[date]:
    """The public holidays of a country that take a business day away, after `first` to `last`.

    In and out as for `count_business_days`: Mondays to Fridays only, in order.
    """
    closed: list[date] = []
    with suppress(NotImplementedError):
        years = range(first.year, last.year + 1)
        closed = sorted(holidays.country_holidays(country, years=years))
    return [day for day in closed if first < day <= last and day.weekday() < 5]
