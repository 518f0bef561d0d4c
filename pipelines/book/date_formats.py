"""Date and time formats of a mapping: Python's strptime directives, English names (contract 5).

Belongs here: which formats there are, what a cell must look like to have one, and what each part of
it says. The engine reads the cells: `extracts.date_cells` writes its SQL from this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _any_of(names: tuple[str, ...]) -> str:
    return "|".join(names)


# Each directive: the part that it says, and what may stand there (RE2).
DIRECTIVES = {
    "Y": ("year", "[0-9]{4}"),
    "y": ("short_year", "[0-9]{2}"),
    "m": ("month", "1[0-2]|0[1-9]|[1-9]"),
    "B": ("month_name", _any_of(MONTHS)),
    "b": ("month_name", _any_of(tuple(name[:3] for name in MONTHS))),
    "d": ("day", "3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9]"),
    "j": ("year_day", "36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9]"),
    "H": ("hour", "2[0-3]|[01][0-9]|[0-9]"),
    "I": ("half_hour", "1[0-2]|0[1-9]|[1-9]"),
    "p": ("half", "am|pm"),
    "M": ("minute", "[0-5][0-9]|[0-9]"),
    "S": ("second", "[0-5][0-9]|[0-9]"),
    "f": ("fraction", "[0-9]{1,6}"),
    "z": ("offset", "[+-][0-9]{2}:?[0-5][0-9]|(?-i:Z)"),
    "Z": ("zone", "utc|gmt"),
    "A": ("day_name", _any_of(DAYS)),
    "a": ("day_name", _any_of(tuple(name[:3] for name in DAYS))),
    "w": ("sunday_day", "[0-6]"),
    "u": ("monday_day", "[1-7]"),
    "U": ("sunday_week", "5[0-3]|[0-4][0-9]|[0-9]"),
    "W": ("monday_week", "5[0-3]|[0-4][0-9]|[0-9]"),
    "G": ("iso_year", "[0-9]{4}"),
    "V": ("iso_week", "5[0-3]|0[1-9]|[1-4][0-9]|[1-9]"),
}  # fmt: skip
SHORTHANDS = {"c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S"}
BLANK = r"[\t-\r\x1c-\x1f\x{85}\p{Z}]+"
# Of the directives whose width is always the same, when every number has its zeros.
WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
FIXED = {
    "Y": "[0-9]{4}", "m": "(0[1-9]|1[0-2])", "d": "(0[1-9]|[12][0-9]|3[01])",
    "H": "([01][0-9]|2[0-3])", "M": "[0-5][0-9]", "S": "[0-5][0-9]",
}  # fmt: skip
WEEKDAYS = {"day_name", "sunday_day", "monday_day"}
YEARS = {"year", "short_year"}


@dataclass(frozen=True)
class DateFormat:
    """A format taken apart.

    `pattern` is what a whole cell must look like, a group for each of `parts`; `fixed` the same for
    cells of one width with `places` (from 1, and how many characters) of each part, None where the
    format has no such form.
    """

    pattern: str
    parts: tuple[str, ...]
    fixed: str | None
    places: dict[str, tuple[int, int]]


def read_date_format(text: str) -> DateFormat:
    """Take a format apart; ValueError says what is wrong with it, in words that follow "must be".

    It must say a whole day: a year with month and day, day of the year, or week and weekday.
    """
    tokens = _split(text)
    parts = tuple(DIRECTIVES[token[1]][0] for token in tokens if len(token) > 1)
    for part in parts:
        if parts.count(part) > 1:
            raise ValueError(f"one that says the {part.replace('_', ' ')} only once")
    if not _says_a_day(set(parts)):
        raise ValueError("one that says year, month and day, as %Y-%m-%d does")
    pattern = "".join(_pattern(token) for token in tokens)
    fixed, places = _fixed(tokens)
    return DateFormat(f"(?i)^{pattern}$", parts, fixed, places)


def _split(text: str) -> list[str]:
    for short, whole in SHORTHANDS.items():
        text = re.sub(rf"(?<!%)((?:%%)*)%{short}", rf"\g<1>{whole}", text)
    tokens = re.findall(r"%.|\s+|[^%]|%", text, re.DOTALL)
    for token in tokens:
        if token[0] == "%" and token != "%%" and token[1:] not in DIRECTIVES:
            raise ValueError(f"one of strptime's directives, {token!r} is none")
    return [token[1:] if token == "%%" else token[:1] if token.isspace() else token
            for token in tokens]  # fmt: skip


def _says_a_day(parts: set[str]) -> bool:
    has_year = bool(parts & YEARS)
    has_month = bool(parts & {"month", "month_name"})
    has_week = bool(parts & {"sunday_week", "monday_week"})
    return (
        (has_year and has_month and "day" in parts)
        or (has_year and "year_day" in parts)
        or (has_year and has_week and bool(parts & WEEKDAYS))
        or ({"iso_year", "iso_week"} <= parts and bool(parts & WEEKDAYS))
    )


def _pattern(token: str) -> str:
    if len(token) > 1:
        return f"({DIRECTIVES[token[1]][1].replace('(?-i:Z)', 'Z')})"
    return BLANK if token.isspace() else re.escape(token)


def _fixed(tokens: list[str]) -> tuple[str | None, dict[str, tuple[int, int]]]:
    pattern, places, at = "", {}, 1
    for token in tokens:
        if len(token) == 1:
            pattern, at = pattern + re.escape(token), at + 1
        elif token[1] in WIDTHS:
            width = WIDTHS[token[1]]
            places[DIRECTIVES[token[1]][0]] = (at, width)
            pattern, at = pattern + FIXED[token[1]], at + width
        else:
            return None, {}
    return pattern, places
