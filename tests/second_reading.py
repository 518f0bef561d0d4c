"""Contract 2 read a second time: what a wild book's reports must be, month by month.

Belongs here: which rules run in a month, in which order.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from second_customers import Customers
from second_inactivity import Inactive
from second_known import (
    Reports,
    State,
)
from second_onboarding import Onboarding
from second_returns import Returns
from wild_books import WildBook


class Month(Inactive, Returns, Customers, Onboarding):
    """One month: the rules that run in it."""

    def reports(self) -> Reports:
        """All reports, by name."""
        if self.runs("referral"):
            self._qualify()
            self._rotate()
            self._reassign()
        self._ledger()
        self._volumes()
        self._sales()
        if self.runs("inactivity"):
            self._inactivity()
        if self.runs("returns"):
            self._returns()
        if self.runs("follow_up"):
            self._follow_ups()
        if self.runs("subscriptions"):
            self._customers()
        if self.runs("onboarding"):
            self._onboarding()
        if self.runs("journal"):
            self._journal()
        return self.out


class SecondReading:
    """A wild book's months, one after the other."""

    def __init__(self, book: WildBook) -> None:
        self._book, self._zone, self.state = book, ZoneInfo(book.zone), State()

    def month(self, number: int) -> Reports:
        """The reports of a month; those before it must have been asked for."""
        return Month(self._book, self._zone, number, self.state).reports()
