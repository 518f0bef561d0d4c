"""The page of a leader's pack, in the leader's language.

Belongs here: what the page is given and in which words its base stands. How it looks and what it
says is in reports/templates/leader.html and the catalogues beside it.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from pipelines.book.policy import Policy
from pipelines.book.zone import load_zone
from pipelines.months import Month
from pipelines.reports.languages import Language, chosen_language
from pipelines.reports.pack_rows import Section
from pipelines.reports.pages import templates
from pipelines.reports.words import WORDS

NO_DIGIT = re.compile("[^+0-9]")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
# The words of the base page that a pack shows; the mark of a trial is the same in every language.
BASE_WORDS = ("skip", "pages", "trial_note", "filter")


class Contact(NamedTuple):
    """An e-mail address or a phone number: the link that uses it (empty: none), and its text."""

    href: str
    text: str


def write_contact(text: str, is_email: bool) -> Contact:
    """A contact as a page needs it; a text that is no phone number gets no link."""
    href = ""
    if is_email:
        href = "mailto:" + quote(text, safe="@")
    elif PHONE.fullmatch(text):
        href = "tel:" + NO_DIGIT.sub("", text)
    return Contact(href, text)


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

    def render(self, pack: dict[str, Any], sections: dict[str, Section]) -> str:
        """A leader's page.

        In: the leader's row of leaders.packs and what there is of each file.
        """
        language = chosen_language(pack["language"])
        if language.code not in self._spoken:
            self._spoken[language.code] = self._given | self._speak(language)
        spoken = self._spoken[language.code]
        shown = {
            name: [self._written(language, row) for row in section.rows]
            for name, section in sections.items()
        }
        return self._template.render(spoken, pack=pack, sections=sections, shown=shown)

    def _written(self, language: Language, row: dict[str, Any]) -> dict[str, Any]:
        return {name: self._written_cell(language, name, cell) for name, cell in row.items()}

    def _written_cell(self, language: Language, name: str, cell: Any) -> object:
        if isinstance(cell, str) and name.endswith(("email", "phone")):
            return write_contact(cell, name.endswith("email"))
        return language.written(self._local(cell) if isinstance(cell, datetime) else cell)

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
