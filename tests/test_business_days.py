"""Business days are counted at the days that are asked for, however far apart they are."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import holidays
import pytest

from pipelines.book.business_days import count_business_days


def counted(country: str, first: date, last: date) -> int:
    """Business days from the day after `first` up to and including `last`, day by day."""
    closed = holidays.country_holidays(country, years=range(first.year, last.year + 1))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    return sum(day.weekday() < 5 and day not in closed for day in days)


@pytest.mark.parametrize("country", ["NL", "US", "JP"])
def test_the_difference_of_two_days_is_the_business_days_between_them(country: str) -> None:
    days = [date(2019, 12, 20), date(2020, 1, 1), date(2020, 4, 13), date(2021, 3, 6)]
    passed = count_business_days(country, days)
    for at in range(1, len(days)):
        assert passed[at] - passed[at - 1] == counted(country, days[at - 1], days[at])


def test_a_country_without_known_holidays_has_its_weekdays() -> None:
    assert count_business_days("ZZ", [date(2020, 1, 1), date(2020, 1, 8)]) == [1, 6]


def test_days_three_hundred_years_apart_are_two_days_and_warn_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        passed = count_business_days("CN", [date(1900, 1, 1), date(2199, 12, 31)])
    assert len(passed) == 2 and passed[1] > 70_000


def test_no_days_are_no_counts() -> None:
    assert count_business_days("NL", []) == []
