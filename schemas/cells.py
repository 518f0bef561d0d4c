"""What a single cell of an extract or a report can be: its form, its range, when it must be there.

Belongs here: the forms of contract 1 ("Types") as patterns, those that only reports have, and the
`Cell` that a table's class declares for each column. Does not belong here: how rows are read,
compared or listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandera.polars as pa

Form = Literal[
    "id", "date", "time", "decimal", "int", "bool", "code", "rank",
    "country", "language", "currency", "email", "text",
    "month", "rate", "codes", "name",
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
    "month": r"[0-9]{4}-(0[1-9]|1[0-2])",
}
BLANKS = " \t\n\v\f\r"
FIRST_YEAR, LAST_YEAR = "1900", "2199"


@dataclass(frozen=True)
class Cell:
    """One column of a table: what it means and what its cells may hold.

    `names` is the table whose key the id names; `required_when` is (column, values): the cell must
    be there in rows where that column holds one of the values, which `|` parts; `not_before` names
    the date column that this one may not precede. `is_personal`: it says who somebody is, or how to
    reach them.

    Of reports: `empty` says when the cell is; `when` is like `required_when`, and in other rows the
    cell must be empty; `instead_of` names the column without which it is there, and only then.
    """

    form: Form
    meaning: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: int | None = None
    above: int | None = None
    most: int | None = None
    is_monday: bool = False
    names: str | None = None
    required_when: tuple[str, str] | None = None
    not_before: str | None = None
    is_personal: bool = False
    empty: str = ""
    when: tuple[str, str] | None = None
    instead_of: str | None = None

    @property
    def is_free(self) -> bool:
        """Whether it holds text that somebody typed, which a spreadsheet could run."""
        return self.form in ("text", "email")

    @property
    def pattern(self) -> str | None:
        """The pattern that all of the cell has to match, where its form or its codes give one."""
        if self.form == "codes":
            code = f"({'|'.join(self.allowed)})"
            return f"{code}(;{code})*"
        return PATTERNS.get(self.form)


def column(form: Form, meaning: str, **limits: Any) -> Any:
    """Declare an extract's column: a pandera field that carries its `Cell`.

    In: its form, one sentence of meaning, and the `Cell`'s own limits; errors raised: TypeError for
    one that it does not have.
    """
    return _field(Cell(form, meaning, **limits))


def printed(form: Form, meaning: str, empty: str = "", **limits: Any) -> Any:
    """Declare a report's column: like `column`, but never empty unless `empty` says when it is."""
    return _field(Cell(form, meaning, required=not empty, empty=empty, **limits))


def _field(cell: Cell) -> Any:
    return pa.Field(nullable=not cell.required, description=cell.meaning, metadata={"cell": cell})
