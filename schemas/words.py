"""What a column's form and limits are called, in words that a person reads.

Belongs here: the words of contract 1 ("Types") and of contract 3 for what a `Cell` declares. How
they are laid out is said where they are shown.
"""

from __future__ import annotations

from schemas.cells import Cell

# A form as an export may write it.
READ = {
    "id": "1 to 32 of A-Z a-z 0-9 . _ -, starting with a letter or digit; case counts",
    "date": "YYYY-MM-DD, of the years 1900 to 2199",
    "time": "YYYY-MM-DD, T or a space, HH:MM[:SS[.ffffff]], then Z, +HH:MM, -HH:MM or "
    "nothing: the company's time zone",
    "decimal": "exact, of up to 12 digits and 2 places: -12.50",
    "int": "a whole number of up to 9 digits",
    "bool": "true or false",
    "code": "one of the words listed",
    "rank": "one of the policy's ranks",
    "country": "two capital letters",
    "language": "two small letters",
    "currency": "three capital letters",
    "email": "an address; capitals and blanks round it do not count",
    "text": "anything",
}
# A form as a report writes it, where it differs or is not read.
WRITTEN = READ | {
    "date": "YYYY-MM-DD",
    "time": "UTC, YYYY-MM-DDTHH:MM:SSZ",
    "decimal": "exact, with 2 places: -12.50",
    "int": "a whole number",
    "email": "an address, guarded like text",
    "text": "as somebody typed it; a ' stands before what a spreadsheet would run",
    "month": "YYYY-MM",
    "rate": "exact, with 2 places or more: 0.05, 0.125",
    "codes": "those of the words listed that hold, ; between them",
    "name": "a name of the program's own, or a file's",
}


def type_in_words(cell: Cell) -> str:
    """A column's form with its range: `decimal 0 or more`, `int 1 to 600`."""
    if cell.least is not None and cell.most is not None:
        return f"{cell.form} {cell.least} to {cell.most}"
    if cell.least is not None:
        return f"{cell.form} {cell.least} or more"
    return f"{cell.form} above {cell.above}" if cell.above is not None else cell.form


def limits_in_words(cell: Cell) -> list[str]:
    """What else is asked of a column's cells, a phrase each."""
    told = []
    if cell.allowed:
        told.append(f"one of {', '.join(cell.allowed)}")
    if cell.is_monday:
        told.append("a Monday")
    if cell.not_before is not None:
        told.append(f"not before {cell.not_before}")
    if cell.names is not None:
        told.append(f"known in {cell.names}")
    if cell.required_when is not None:
        other, values = cell.required_when
        told.append(f"required where {other} is {values.replace('|', ' or ')}")
    if cell.empty:
        told.append(f"empty: {cell.empty}")
    if cell.is_personal:
        told.append("personal")
    return told


def meaning_in_words(cell: Cell) -> str:
    """A column's meaning and limits as one text: `Who buys. One of member, sale, retail.`"""
    told = "; ".join(limits_in_words(cell))
    return f"{cell.meaning} {told[0].upper()}{told[1:]}." if told else cell.meaning
