"""The forms of cells as patterns (contract 1, "Types").

Belongs here: patterns alone, so that who needs no more loads no more.
"""

from __future__ import annotations

DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
OFFSET = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"

# ASCII without blanks and @; FOLDED without capitals.
SIGN = r"[\x00-\x08\x0e-\x1f!-?A-\x7f]"
FOLDED_SIGN = r"[\x00-\x08\x0e-\x1f!-?\[-\x7f]"

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
    "email": rf"{SIGN}+@{SIGN}+\.{SIGN}+",
    "month": r"[0-9]{4}-(0[1-9]|1[0-2])",
}
