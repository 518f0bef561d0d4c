"""Whether a cell that a mapping gives is one that its column can have (contracts 1 and 5).

Belongs here: constants and the right sides of value maps, which stand in the mapping and not in a
file. Cells of files are looked at by the row stage.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from pipelines.book.toml_reading import nearest
from schemas.cells import BLANKS, FIRST_YEAR, LAST_YEAR, Cell
from schemas.forms import FORMS, PATTERNS

KINDS = {
    "id": "an id (1 to 32 of A-Z a-z 0-9 . _ -)", "date": "a date YYYY-MM-DD",
    "time": "a time YYYY-MM-DDTHH:MM", "decimal": "a number with at most two places",
    "int": "a whole number", "bool": "true or false", "country": "two capital letters",
    "language": "two small letters", "currency": "three capital letters",
    "email": "an e-mail address",
}  # fmt: skip


def refuse_cell(cell: Cell, text: str, ranks: tuple[str, ...]) -> str | None:
    """What a cell must be where `text` is not what its column can hold; None where it is."""
    if text == "":
        return "something: the column is required" if cell.required else None
    if cell.form in ("code", "rank"):
        allowed = list(ranks if cell.form == "rank" else cell.allowed)
        return None if text in allowed else f"one of {', '.join(allowed)}; {nearest(text, allowed)}"
    if _fits(cell, text):
        return None
    limits = [f"{sign} {limit}" for sign, limit in
              (("at least", cell.least), ("over", cell.above), ("at most", cell.most))
              if limit is not None]  # fmt: skip
    return " ".join([KINDS[cell.form], *limits])


def _fits(cell: Cell, text: str) -> bool:
    pattern = FORMS.get(cell.form) or PATTERNS.get(cell.form)
    if pattern is None:
        return True
    if not re.fullmatch(pattern, text.strip(BLANKS).lower() if cell.form == "email" else text):
        return False
    if cell.form in ("date", "time"):
        return _is_day(text[:10])
    if cell.form in ("decimal", "int"):
        return _is_within(cell, float(text))
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return FIRST_YEAR <= text[:4] <= LAST_YEAR


def _is_within(cell: Cell, number: float) -> bool:
    return (
        (cell.least is None or number >= cell.least)
        and (cell.above is None or number > cell.above)
        and (cell.most is None or number <= cell.most)
    )


def read_as_formatted(cell: Cell, text: str, form: str | None) -> str:
    """A cell of a column with a format in contract 1's form; as it stands where it has not that."""
    if form is None or cell.form not in ("date", "time"):
        return text
    try:
        moment = datetime.strptime(text, form)
    except ValueError:
        return text
    return moment.date().isoformat() if cell.form == "date" else moment.isoformat()


def read_number(text: str, decimal: str, thousands: str) -> str:
    """A number with these marks in contract 1's form; as it stands where it is none."""
    whole = f"[0-9]+|[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})+" if thousands else "[0-9]+"
    if not re.fullmatch(rf"-?({whole})({re.escape(decimal)}[0-9]+)?", text):
        return text
    return (text.replace(thousands, "") if thousands else text).replace(decimal, ".")
