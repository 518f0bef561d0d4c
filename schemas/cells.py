"""What a single cell of an extract or a report can be: its form, its range, when it must be there.

Belongs here: the names of the forms of contract 1 ("Types"), those that only reports have, and the
`Cell` that a table's class declares for each column. Their patterns are in `forms`. Does not belong
here: how rows are read, compared or listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from schemas.forms import PATTERNS

Form = Literal[
    "id", "date", "time", "decimal", "int", "bool", "code", "rank",
    "country", "language", "currency", "email", "text",
    "month", "rate", "codes", "name",
]  # fmt: skip

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
    """Declare an extract's column.

    In: its form, one sentence of meaning, and the `Cell`'s own limits; errors raised: TypeError for
    one that it does not have.
    """
    return Cell(form, meaning, **limits)


def printed(form: Form, meaning: str, empty: str = "", **limits: Any) -> Any:
    """Declare a report's column: like `column`, but never empty unless `empty` says when it is."""
    return Cell(form, meaning, required=not empty, empty=empty, **limits)
