"""The cells of a leader's page: how each kind is written in the leader's language, escaped.

Belongs here: text that hides nothing, links of addresses and numbers, days and times by the
company's clock. How the language writes them is said in languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import escape

from pipelines.engines.duck import literal
from pipelines.reports.look.formats import visible
from pipelines.reports.packs.files import PACK_FILES
from pipelines.reports.packs.languages import Language, Written
from pipelines.reports.packs.part_templates import Kind

# What the rows' template may look into; of any other cell only whether it is there.
CODES = {"member_type", "relation", "tasks", "attention", "basis", "stage", "help", "state",
         "is_moved"}  # fmt: skip
# Amounts that the engine has written (see files).
AMOUNTS = {name for file in PACK_FILES for name in file.amounts}
KINDS_BY_TYPE = {"DATE": "day", "TIMESTAMP": "moment", "INTEGER": "count", "BIGINT": "count",
                 "DECIMAL(18,2)": "amount", "DECIMAL(38,2)": "amount",
                 "DECIMAL(18,4)": "rate", "VARCHAR": "text", "BOOLEAN": "code"}  # fmt: skip
NOT_DIALLED = str.maketrans("", "", " ()./-")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
# An address that stands on a page and in a link as it is.
PLAIN_EMAIL = re.compile(r"[A-Za-z0-9_.~-]+@[A-Za-z0-9_.~-]+")
# What is asked of a cell before it is filled in.
ASKED = {"email": PLAIN_EMAIL, "phone": PHONE}
SHAPE = "shape"  # the column of a row in which the engine tells it
DISTINCT = 4096


def kind_of(name: str, type_: str) -> str:
    """The kind of a column, by its name and its type in the engine."""
    if name in CODES:
        return "code"
    if type_ == "VARCHAR" and name in AMOUNTS:
        return "written_amount"
    if type_ == "VARCHAR" and name.endswith("email"):
        return "email"
    if type_ == "VARCHAR" and name.endswith("phone"):
        return "phone"
    return KINDS_BY_TYPE[type_]


def shape_in_sql(columns: Mapping[str, str]) -> str:
    """SQL for a text that tells all on which the shape of a row of these columns, with their types,
    depends: `Patterns.shape` in the engine, which takes a fifth of the time."""
    told = [f'"{name}" is null' for name in columns]
    for name, type_ in columns.items():
        kind = kind_of(name, type_)
        if kind == "code":
            told.append(f'"{name}"')
        elif kind in ASKED:
            told.append(f'regexp_full_match("{name}", {literal(ASKED[kind].pattern)})')
    return f"concat_ws('|', {', '.join(told)})"


def phone_link(text: str) -> str:
    """The link that calls a phone number; empty when the text is none."""
    return dialled(text) if is_phone(text) else ""


def dialled(text: str) -> str:
    """The link that calls what `is_phone` has found to be a number."""
    # Many are digits already, and those are soon told.
    return f"tel:{text if text.isdigit() else text.translate(NOT_DIALLED)}"


def is_phone(text: str) -> bool:
    """Whether a text is a phone number that can be called."""
    return PHONE.fullmatch(text) is not None


def is_plain_email(text: str) -> bool:
    """Whether an e-mail address needs no escaping, on a page or in a link."""
    return PLAIN_EMAIL.fullmatch(text) is not None


def email_link(text: str) -> str:
    """The link that writes to an e-mail address."""
    return "mailto:" + quote(text, safe="@")


def shown_text(text: str) -> str:
    """A text escaped for a page; a character that nobody would see is named."""
    # Most are letters, digits and spaces.
    return text if text.replace(" ", "").isalnum() else text.translate(SHOWN)


def shown_email(text: str) -> str:
    """The same of an e-mail address."""
    return text if is_plain_email(text) else text.translate(SHOWN)


def shown_link(text: str) -> str:
    """The link that writes to an e-mail address, escaped."""
    return written_link(text) if is_plain_email(text) else shown_text(email_link(text))


def written_link(text: str) -> str:
    """The same of a plain one, which stands in a link as it is."""
    return f"mailto:{text}"


class _Shown(dict[int, str | int]):
    """What each character is shown as, learnt as characters come."""

    def __missing__(self, code: int) -> str | int:
        character = chr(code)
        shown = str(escape(visible(character)))
        return self.setdefault(code, code if shown == character else shown)


SHOWN = _Shown()


class CellKinds:
    """The kinds of cells in one language."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        @lru_cache(DISTINCT)
        def clock(at: datetime) -> Written:
            return language.dates(zone.fromutc(at.replace(tzinfo=zone)).replace(tzinfo=None))

        learnt = lru_cache(DISTINCT)
        count, rate = learnt(language.count), learnt(language.rate)
        # Figures, days, times and dialled digits are of our own writing: nothing in them to escape.
        self._kinds = {
            "code": Kind(is_code=True),
            "markup": Kind(),
            "text": Kind(shown_text, shown_text, shown_text),
            "email": Kind(
                shown_link,
                shown_email,
                shown_email,
                ASKED["email"].fullmatch,
                (written_link, None, None),
            ),
            "phone": Kind(
                None, shown_text, shown_text, ASKED["phone"].fullmatch, (dialled, None, None)
            ),
            "day": Kind(
                learnt(lambda day: language.dates(day).plain),
                learnt(lambda day: language.dates(day).text),
                learnt(lambda day: language.dates(day).long),
            ),
            "moment": Kind(
                lambda at: clock(at).plain, lambda at: clock(at).text, lambda at: clock(at).long
            ),
            "amount": Kind(str, language.amount, language.amount),
            "written_amount": Kind(None, language.written_amount, language.written_amount),
            "count": Kind(str, count, count),
            "counted": Kind(str, count, count, form=learnt(language.alike)),
            "rate": Kind(str, rate, rate),
        }

    def columns(self, columns: Mapping[str, str]) -> dict[str, Kind]:
        """The columns of a part, by the names of their kinds."""
        return {name: self._kinds[kind] for name, kind in columns.items()}
