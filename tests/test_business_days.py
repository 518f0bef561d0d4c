"""Business days are counted at the days that are asked for, however far apart they are."""

from __future__ import annotations

import subprocess
import sys
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


# Each in a process of its own: in this one the package may have been loaded whole already.
EVERY_COUNTRY = """
from datetime import date
from hashlib import sha256
from holidays.registry import COUNTRIES
{load}
digest = sha256()
for country in sorted({{names[1] for names in COUNTRIES.values()}}):
    digest.update(f"{{country}} {{sorted(closed(country))}}".encode())
print(digest.hexdigest())
"""
OURS = """
from pipelines.book.business_days import list_holidays
def closed(country):
    return list_holidays(country, date(2018, 12, 31), date(2023, 12, 31))
"""
THEIRS = """
import holidays
import holidays.countries
def closed(country):
    days = holidays.country_holidays(country, years=range(2018, 2024))
    return [day for day in days if date(2018, 12, 31) < day and day.weekday() < 5]
"""
ONE_COUNTRY = """
import sys
from datetime import date
from pipelines.book.business_days import count_business_days
assert count_business_days("NL", [date(2020, 4, 24), date(2020, 4, 28)]) == [80, 81]
print(sorted(name for name in sys.modules if name.startswith("holidays.countries.")))
"""


def answer(program: str) -> str:
    """What a program prints."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    return told.stdout


@pytest.mark.long
def test_a_country_that_is_loaded_alone_has_the_same_holidays() -> None:
    ours, theirs = (answer(EVERY_COUNTRY.format(load=load)) for load in (OURS, THEIRS))
    assert ours == theirs


def test_only_the_country_that_is_asked_for_is_loaded() -> None:
    assert answer(ONE_COUNTRY) == "['holidays.countries.netherlands']\n"
