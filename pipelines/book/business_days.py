"""Business days of a country: Monday to Friday but its public holidays (contract 2.4)."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType

import numpy as np

from pipelines.silence import no_warnings


def count_business_days(country: str, days: list[date]) -> list[int]:
    """How many business days have passed on each of some days.

    In: a country in two capitals, and days in any order. Out: for each the business days from the
    start of the first one's year up to and including it; the difference of two is the number of
    business days from the day after the one up to and including the other. Public holidays are
    those of the `holidays` package, observed days included, without subdivisions; a country that it
    does not know has none.
    """
    if not days:
        return []
    first, last = min(days).year, max(days).year
    closed = _public_holidays(country, first, last)
    ends = np.array(days, dtype="datetime64[D]") + 1
    start = np.datetime64(date(first, 1, 1))
    counted = np.busday_count(start, ends, holidays=np.array(closed, dtype="datetime64[D]"))
    return [int(passed) for passed in np.atleast_1d(counted)]


def list_holidays(country: str, first: date, last: date) -> list[date]:
    """The public holidays of a country that take a business day away, after `first` to `last`.

    In and out as for `count_business_days`: Mondays to Fridays only, in order.
    """
    closed = sorted(_public_holidays(country, first.year, last.year))
    return [day for day in closed if first < day <= last and day.weekday() < 5]


def _public_holidays(country: str, first: int, last: int) -> list[date]:
    """The public holidays of a country in years from the first to the last, in any order."""
    # Loaded where it is asked: most commands count no days.
    holidays = _load_holidays()
    # The package warns of years that it has no holidays for: they have none then.
    with suppress(NotImplementedError), no_warnings():
        return list(holidays.country_holidays(country, years=range(first, last + 1)))
    return []


def _load_holidays() -> ModuleType:
    """The package `holidays`, which loads a country when it is asked for it.

    It would load all of them at the first one, since they are named where its package of countries
    begins: that is a module without anything in it here, which still knows where they lie.
    """
    name = "holidays.countries"
    if name not in sys.modules and (spec := find_spec(name)) is not None:
        sys.modules[name] = module_from_spec(spec)
    return import_module("holidays")
