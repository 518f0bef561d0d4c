"""What a single cell of an extract can be: its form, its range, when it must be there.

Belongs here: the forms of contract 1 ("Types") as patterns, and the `Cell` that a table's class
declares for each column. Does not belong here: how rows are read, compared or listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandera.polars as pa

Form = Literal[
    "id", "date", "time", "decimal", "int", "bool", "code", "rank",
    "country", "language", "currency", "email", "text",
]  # fmt: skip

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
OFFSET = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"

# A cell that does not match its form is `type`; a cell outside its pattern is `value`.
FORMS: dict[str, str] = {
    "date": DAY,
    "time": f"{DAY}[T ]{CLOCK}{OFFSET}",
    "decimal": r"-?[0-9]{1,12}(\.[0-9]{1,2})?",
    "int": r"-?[0-9]{1,9}",
    "bool": r"true|false",
}
PATTERNS: dict[str, str] = {
    "id": r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}",
    "country": r"[A-Z]{2}",
    "language": r"[a-z]{2}",
    "currency": r"[A-Z]{3}",
    "email": r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+",
}
BLANKS = " \t\n\v\f\r"
FIRST_YEAR, LAST_YEAR = "1900", "2199"


@dataclass(frozen=True)
class Cell:
    """One column of a table: what its cells may hold.

    `names` is the table whose key the id names; `required_when` is (column, value): the cell must
    be there in rows where that column holds that value; `not_before` names the date column that
    this one may not precede.
    """

    form: Form
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: int | None = None
    above: int | None = None
    most: int | None = None
    is_monday: bool = False
    names: str | None = None
    required_when: tuple[str, str] | None = None
    not_before: str | None = None


def column(form: Form, **limits: Any) -> Any:
    """Declare a table's column: a pandera field that carries its `Cell`.

    Limits are the `Cell`'s own; errors raised: TypeError for one that it does not have.
    """
    cell = Cell(form, **limits)
    return pa.Field(nullable=not cell.required, metadata={"cell": cell})
