"""In which form the dates, times and numbers of a file seem to be: for the draft of a mapping.

Belongs here: guesses from a file's first rows. Where two forms fit as well, both are told and none
is in force; cells that are in contract 1's form need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from schemas.cells import Cell
from schemas.forms import FORMS

# What share of the cells must have a form for it to be a guess.
MOST_OF = 0.6
DAYS = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y",
    "%b %d, %Y", "%B %d, %Y", "%Y-%m-%d",
)  # fmt: skip
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", " %H:%M:%S %z",
          " %H:%M:%S.%f", " %H:%M:%S %Z", "T%H:%M:%S.%f", "T%H:%M:%S.%f%z")  # fmt: skip
MARKS = tuple((decimal, thousands) for thousands in ("", ",", ".", " ", "'", "\u00a0")
              for decimal in (".", ",") if decimal != thousands)  # fmt: skip
Columns = Mapping[str, Sequence[str]]


def guess_formats(columns: Columns, cells: Mapping[str, Cell]) -> dict[str, tuple[str, ...]]:
    """By date or time column the formats that fit its cells equally well; an empty one: none does.

    In: the first cells of each of our columns that the file has.
    """
    found = {}
    for name, texts in columns.items():
        if cells[name].form in ("date", "time") and not _are_ours(texts, cells[name].form):
            found[name] = tuple(_best(texts, [day + clock for clock in CLOCKS for day in DAYS]))
    return found


def _best(texts: Sequence[str], formats: Iterable[str]) -> list[str]:
    shares = {form: sum(_has_form(text, form) for text in texts) / len(texts) for form in formats}
    most = max(shares.values())
    return [form for form, share in shares.items() if share == most] if most >= MOST_OF else []


def _has_form(text: str, form: str) -> bool:
    # Python takes one digit for two; a draft that is right takes what exports write.
    if form.startswith("%Y%m%d") and not re.match(r"[0-9]{8}(?![0-9])", text):
        return False
    try:
        return 1900 <= datetime.strptime(text, form).year <= 2199
    except ValueError:
        return False


def guess_marks(columns: Columns, cells: Mapping[str, Cell]) -> tuple[str, str] | None:
    """The decimal and the thousands' mark of the decimal columns.

    A point and none where the cells are in contract 1's form; nothing where they are in no form
    that is known. With two places at most, 1,234 is a thousand and 1,23 is not.
    """
    texts = [text for name, each in columns.items() if cells[name].form == "decimal"
             for text in each if not text.isdecimal()]  # fmt: skip
    if not texts:
        return None
    share, best = max(((_share(texts, *marks), marks) for marks in MARKS), key=lambda each: each[0])
    return best if share >= MOST_OF else None


def _share(texts: Sequence[str], decimal: str, thousands: str) -> float:
    whole = f"[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})+|" if thousands else ""
    form = re.compile(f"-?({whole}[0-9]+)({re.escape(decimal)}[0-9]{{1,2}})?")
    return sum(form.fullmatch(text) is not None for text in texts) / len(texts)


def _are_ours(texts: Sequence[str], form: str) -> bool:
    """Whether cells are, most of them, in contract 1's form, or there is none to judge by."""
    fitting = sum(re.fullmatch(FORMS[form], text) is not None for text in texts)
    return 2 * fitting >= len(texts)
