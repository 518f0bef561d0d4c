"""The page of a leader's pack, in the leader's language.

Belongs here: what the page is given and in which words its base stands. How it looks and what it
says is in reports/templates/leader.html, leader_rows.html and the catalogues beside them.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from pipelines.book.policy import Policy
from pipelines.book.zone import load_zone
from pipelines.months import Month
from pipelines.reports.formats import visible
from pipelines.reports.languages import Language, chosen_language
from pipelines.reports.pack_rows import LeaderRows, Section
from pipelines.reports.pages import templates
from pipelines.reports.row_patterns import CellTexts, Column, RowPatterns, Write
from pipelines.reports.words import WORDS

NO_DIGIT = re.compile("[^+0-9]")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
# The words of the base page that a pack shows; the mark of a trial is the same in every language.
BASE_WORDS = ("skip", "pages", "trial_note", "filter")
# What the rows' template may look into; of any other cell only whether it is there.
CODES = {"member_type", "relation", "task", "attention", "basis", "stage", "help",
         "contact_opt_out", "is_moved"}  # fmt: skip
DISTINCT_DAYS = 4096


def phone_link(text: str) -> str:
    """The link that calls a phone number; empty when the text is none."""
    return "tel:" + NO_DIGIT.sub("", text) if PHONE.fullmatch(text) else ""


def email_link(text: str) -> str:
    """The link that writes to an e-mail address."""
    return "mailto:" + quote(text, safe="@")


class PackPages:
    """The pages of a month's packs: one compiled template, and each language's words for it."""

    def __init__(self, policy: Policy, month: Month, is_trial: bool) -> None:
        self._zone = load_zone(policy.company.timezone)
        self._template = templates().get_template("leader.html")
        self._given: dict[str, Any] = {
            "company": policy.company.name,
            "zone": policy.company.timezone,
            "policy": policy,
            "month": month,
            "is_trial": is_trial,
        }
        self._spoken: dict[str, dict[str, Any]] = {}
        self._patterns: dict[tuple[str, str], RowPatterns] = {}

    def render(self, leader: LeaderRows) -> str:
        """A leader's page. In: what there is of the leader."""
        language = chosen_language(leader.pack["language"])
        if language.code not in self._spoken:
            self._spoken[language.code] = self._given | self._speak(language)
        shown = {
            name: self._rows(language, section) for name, section in leader.sections.items()
        }
        return self._template.render(
            self._spoken[language.code], pack=leader.pack, sections=leader.sections, shown=shown
        )

    def _rows(self, language: Language, section: Section) -> str:
        """The rows of a section's table."""
        if not section.rows:
            return ""
        chosen = (language.code, section.name)
        if chosen not in self._patterns:
            rows = templates().get_template("leader_rows.html")
            macro = getattr(rows.make_module(self._spoken[language.code]), section.name)
            writers = self._writers(language)
            columns = [_column(name, writers) for name in section.columns]
            self._patterns[chosen] = RowPatterns(macro, columns)
        return self._patterns[chosen].fill(section.rows)

    def _writers(self, language: Language) -> dict[type, Write]:
        """How the cells of each type are written."""

        @lru_cache(DISTINCT_DAYS)
        def day(cell: date) -> CellTexts:
            return CellTexts(*map(escape, language.dates(cell)))

        def moment(cell: datetime) -> CellTexts:
            return CellTexts(*map(escape, language.dates(self._local(cell))))

        # Figures are digits and signs of ours: there is nothing in them to escape.
        def amount(cell: Decimal) -> CellTexts:
            text = language.amount(cell)
            return CellTexts(str(cell), text, text)

        def count(cell: int) -> CellTexts:
            text = language.count(cell)
            return CellTexts(str(cell), text, text)

        return {date: day, datetime: moment, Decimal: amount, int: count, str: _text}

    def _speak(self, language: Language) -> dict[str, Any]:
        """What the templates call for words, dates and numbers."""
        translated = language.words.gettext
        return {
            "lang": language.tag,
            "words": WORDS | {name: translated(WORDS[name]) for name in BASE_WORDS},
            "_": language.text,
            "ngettext": language.counted_text,
            "day": lambda value: language.dates(value).text,
            "long_day": lambda value: language.dates(value).long,
            "month_name": language.month_name,
            "amount": language.amount,
            "count": language.count,
        }

    def _local(self, at: datetime) -> datetime:
        """An instant (UTC, naive) as the company's clock shows it."""
        return self._zone.fromutc(at.replace(tzinfo=self._zone)).replace(tzinfo=None)


def _column(name: str, writers: dict[type, Write]) -> Column:
    """A column of the rows, by its name and the types of its cells."""
    if name in CODES:
        return Column(name, _text, lambda cell: cell, is_code=True)
    if name.endswith("email"):
        return Column(name, _email, _is_there, False)
    if name.endswith("phone"):
        return Column(name, _phone, _link_there, False)
    return Column(name, lambda cell: writers[type(cell)](cell), _is_there, False)


def _is_there(cell: Any) -> object:
    return None if cell is None else True


def _link_there(cell: str | None) -> object:
    return None if cell is None else bool(PHONE.fullmatch(cell))


def _text(cell: str) -> CellTexts:
    text = escape(visible(cell))
    return CellTexts(text, text, text)


def _email(cell: str) -> CellTexts:
    return _contact(email_link(cell), cell)


def _phone(cell: str) -> CellTexts:
    return _contact(phone_link(cell), cell)


def _contact(link: str, text: str) -> CellTexts:
    shown = escape(visible(text))
    return CellTexts(escape(link), shown, shown)
