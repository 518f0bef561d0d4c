"""The figures a generated book is made from, and its policy and calendar.

Belongs here: sizes, months, shares, `policy.toml`, `calendar.csv`. Does not: drawing anything.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

SIZES = {"S": 100_000, "M": 1_000_000, "L": 10_000_000}
FIRST_MONTH = (2021, 1)
TIMEZONE = "Europe/Amsterdam"
EPOCH = dt.date(1970, 1, 1)
COUNTRIES = ("GB", "IE", "NL", "BE", "ES", "DE", "FR", "US")
COUNTRY_SHARES = (0.22, 0.06, 0.22, 0.15, 0.15, 0.10, 0.06, 0.04)
RANKS = ("associate", "consultant", "manager", "director", "executive")
ORDERS_PER_MEMBER_MONTH = 10 / 36
INACTIVE_MONTHS = 24
FIRST_FLAG_INDEX = 12


@dataclass(frozen=True)
class Plan:
    """One book: how many members and months, which sponsor line, how it is written."""

    members: int
    months: int = 36
    history_months: int = 1
    variant: Literal["tree", "chain"] = "tree"
    chain: int = 0
    format: Literal["csv", "parquet"] = "csv"
    bad_share: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        if self.members < 200:
            raise ValueError("a book needs at least 200 members")
        if not 1 <= self.history_months <= self.months:
            raise ValueError("history months must be from 1 to the number of months")
        if self.chain > self.members:
            raise ValueError("the chain is longer than the members")

    @property
    def monthly_orders(self) -> int:
        """Orders of each month; 36 of them make ten orders a member."""
        return round(self.members * ORDERS_PER_MEMBER_MONTH)

    @property
    def opening_index(self) -> int:
        """The month that the first drop closes; what lies before it is history."""
        return self.history_months - 1

    @property
    def first_flag_index(self) -> int:
        """The first close that flags."""
        return max(FIRST_FLAG_INDEX, self.opening_index)

    def generator(self, *purpose: int) -> np.random.Generator:
        """A random generator of its own for each purpose, so that parts stay independent."""
        return np.random.default_rng([self.seed, self.members, self.months, *purpose])

    def month(self, index: int) -> str:
        """Month `index` as YYYY-MM; months before the first have negative indices."""
        return self.first_day(index).strftime("%Y-%m")

    def first_day(self, index: int) -> dt.date:
        """The first day of month `index`."""
        years, month = divmod(FIRST_MONTH[1] - 1 + index, 12)
        return dt.date(FIRST_MONTH[0] + years, month + 1, 1)

    def first_day_number(self, index: int) -> int:
        """The first day of month `index` in days since 1970."""
        return (self.first_day(index) - EPOCH).days

    @cached_property
    def offsets(self) -> np.ndarray:
        """Seconds from UTC at noon of every day since 1970 up to the book's end."""
        zone = ZoneInfo(TIMEZONE)
        noons = (
            dt.datetime.combine(EPOCH + dt.timedelta(days=day), dt.time(12), zone).utcoffset()
            for day in range(self.first_day_number(self.months + 3))
        )
        return np.array([0 if noon is None else int(noon.total_seconds()) for noon in noons])

    @cached_property
    def is_change_day(self) -> np.ndarray:
        """Whether the clocks change on a day."""
        return np.asarray(np.diff(self.offsets, prepend=self.offsets[0]) != 0)


def policy_text(plan: Plan) -> str:
    """The book's `policy.toml`."""
    countries = ", ".join(f'"{country}"' for country in COUNTRIES[:5])
    ranks = ", ".join(f'"{rank}"' for rank in RANKS)
    return f"""[company]
name = "Benchmark Company"
currency = "EUR"
timezone = "{TIMEZONE}"
opening_month = "{plan.month(plan.opening_index)}"
ranks = [{ranks}]
[referral]
countries = [{countries}]
min_rank = "director"
min_order_bv = 100
min_enrolments = 1
min_enrolment_order_bv = 0
reassignment_business_days = 3
contact_hours = 24
[volume]
pay_levels = 5
[inactivity]
months = {INACTIVE_MONTHS}
first_flag_month = "{plan.month(plan.first_flag_index)}"
leader_rank = "director"
list_levels = 3
exempt = []
max_removed_share = 0.10
[inactivity.markets.ES]
notice_day = 15
grace_days = 30
[returns]
notice_business_days = 7
guarantee_days = 15
ran_days = 14
[follow_up]
arrival_from_days = 5
arrival_to_days = 7
check_in_days = 28
[subscriptions]
first_month_rate = 0.20
rate = 0.05
retained_days = 90
[onboarding]
verify_days = 7
idle_days = 7
[quality]
max_quarantined_share = 0.05
"""


def calendar_text(plan: Plan) -> str:
    """The book's `calendar.csv`: windows end on a month's last Sunday, benefits a week later."""
    rows = ["month,qualification_start,qualification_end,benefits_start,benefits_end"]
    for index in range(plan.months + 1):
        start = _last_sunday(plan, index - 1) + dt.timedelta(days=1)
        end = _last_sunday(plan, index)
        benefits_start = end + dt.timedelta(days=8)
        benefits_end = _last_sunday(plan, index + 1) + dt.timedelta(days=7)
        rows.append(f"{plan.month(index)},{start},{end},{benefits_start},{benefits_end}")
    return "\n".join(rows) + "\n"


def _last_sunday(plan: Plan, index: int) -> dt.date:
    first = plan.first_day(index)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)
