"""A calendar month as the field writes it: `2020-01`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

FORM = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """A month; months compare and print as `YYYY-MM`."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that `YYYY-MM` names; ValueError for anything else."""
        if not FORM.fullmatch(text):
            raise ValueError(f"{text!r} is not a month: write it as YYYY-MM, for example 2020-01")
        return cls(text)

    @property
    def start(self) -> date:
        """Its first day (S)."""
        return date(int(self.text[:4]), int(self.text[5:]), 1)

    @property
    def end(self) -> date:
        """Its last day (E)."""
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after."""
        day = self.start + timedelta(days=32)
        return Month(f"{day.year:04}-{day.month:02}")

    @property
    def previous(self) -> Month:
        """The month before."""
        day = self.start - timedelta(days=1)
        return Month(f"{day.year:04}-{day.month:02}")

    def __str__(self) -> str:
        return self.text


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from `first` to `last`, both included; empty when `last` is earlier."""
    months = []
    while first <= last:
        months.append(first)
        first = first.next
    return months
