"""How values are written for people: amounts, counts, shares, days, and text that hides nothing.

Belongs here: the form of one value. Pages in another language bring their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from markupsafe import Markup

Number = Decimal | int
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MINUS = "\u2212"
_NONCHARACTERS = "".join(f"{chr(end)}{chr(end + 1)}" for end in range(0xFFFE, 0x110000, 0x10000))
# Controls, and the marks that turn the direction of what follows: neither may act on a page.
HIDDEN = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ud800-\udfff{_NONCHARACTERS}]"
)


def visible(value: Any) -> Any:
    """A value for a page: None is nothing; a character that nobody would see is named."""
    if value is None:
        return ""
    # What is printable has nothing hidden in it, which is known twenty times as fast.
    if isinstance(value, str) and not value.isprintable() and not isinstance(value, Markup):
        return HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)
    return value


def amount(value: Number) -> str:
    """A figure with two places and its thousands apart: 12,345.60."""
    return f"{value:,.2f}".replace("-", MINUS)


def count(value: int) -> str:
    """A whole number with its thousands apart: 12,345."""
    return f"{value:,}".replace("-", MINUS)


def signed(value: Number) -> str:
    """An amount that is a difference: +12.00, \u221212.00, 0.00."""
    return ("+" if value > 0 else "") + amount(value)


def signed_count(value: int) -> str:
    """A count that is a difference: +12, \u221212, 0."""
    return ("+" if value > 0 else "") + count(value)


def ratio(part: Number, whole: Number) -> Decimal | None:
    """The share that a part has of a whole; None of nothing."""
    return Decimal(part) / Decimal(whole) if whole else None


def share(value: Decimal | None) -> str:
    """A share in per cent with one place: 12.5%."""
    if value is None:
        return ""
    percent = (value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent:,}%".replace("-", MINUS)


def rate(value: Decimal | None) -> str:
    """A policy's rate in per cent, as exact as it was given: 5%, 12.5%."""
    return "" if value is None else f"{(value * 100).normalize():f}%"


def short(value: Number) -> str:
    """A figure for a chart's label: 14.53, 950, 12.3k, 406k, 4.1M."""
    size = abs(Decimal(value))
    if size < 100 and size % 1:
        return amount(value)
    for unit, sign in ((Decimal(10**9), "G"), (Decimal(10**6), "M"), (Decimal(10**3), "k")):
        if size >= unit and size >= 10_000:
            places = 0 if size >= unit * 100 else 1
            return f"{value / unit:,.{places}f}".removesuffix(".0").replace("-", MINUS) + sign
    return f"{value:,.0f}".replace("-", MINUS)


def day(value: date) -> str:
    """A date: 31 May 2020."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def instant(value: datetime) -> str:
    """A time as machines write it, in UTC."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def moment(value: datetime) -> str:
    """A time in UTC to the minute: 31 May 2020, 14:05."""
    return f"{day(value)}, {value:%H:%M}"


def month_name(text: str) -> str:
    """A month by name: May 2020."""
    return f"{MONTHS[int(text[5:7]) - 1]} {text[:4]}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: 1 order, 2 orders."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


FILTERS: dict[str, Callable[..., Any]] = {
    "amount": amount,
    "count": count,
    "signed": signed,
    "signed_count": signed_count,
    "share": share,
    "rate": rate,
    "day": day,
    "instant": instant,
    "moment": moment,
    "plural": plural,
    "month_name": month_name,
}
