"""A 4/4/5 calendar for a new book: quarters of 4, 4 and 5 weeks (contract 1, `calendar.csv`).

Belongs here: which windows there are, and their text. A year runs up to the last Sunday before
31 December, so that every window ends in its own month; a 53rd week is December's.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from pipelines.book.calendar import Window
from pipelines.months import Month, months_between

HEADER = "month,qualification_start,qualification_end,benefits_start,benefits_end"
WEEKS = (4, 4, 5)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def make_calendar(first: Month, last: Month) -> list[Window]:
    """The windows of every month from `first` to `last`, as `read_calendar` accepts them.

    Benefits begin a week after a window's end, in a quarter's last month on the day after it: so
    they are periods of 4, 4 and 5 weeks too.
    """
    months = [*months_between(first, last), last.next]
    ends = [_end(month) for month in [first.previous, *months]]
    starts = [_benefits_start(month, end) for month, end in zip(months, ends[1:], strict=True)]
    return [
        Window(month, before + DAY, end, start, next_start - DAY)
        for month, (before, end), (start, next_start) in zip(
            months, pairwise(ends), pairwise(starts), strict=False
        )
    ]


def calendar_text(windows: list[Window]) -> str:
    """The windows as the file that says them."""
    rows = [
        f"{each.month},{each.qualification_start},{each.qualification_end},"
        f"{each.benefits_start},{each.benefits_end}"
        for each in windows
    ]
    return "\n".join([HEADER, *rows, ""])


def _end(month: Month) -> date:
    """The Sunday that ends a month's qualification window."""
    year, at = month.start.year, month.start.month
    if at == 12:
        return _year_end(year)
    weeks = sum(WEEKS[each % 3] for each in range(at))
    return _year_end(year - 1) + weeks * WEEK


def _year_end(year: int) -> date:
    """The last Sunday of a year that is not its last day."""
    last = date(year, 12, 30)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _benefits_start(month: Month, end: date) -> date:
    return end + DAY if month.start.month % 3 == 0 else end + DAY + WEEK
