"""The languages that mail is written in: its catalogue, and how dates are written.

Belongs here: the form of a text in a language. Which languages there are is said by the packs.
English stands in `letters`; the others are the files mail.po under reports/templates/locale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.support import NullTranslations

from pipelines.reports.packs.languages import (
    ENGLISH,
    LOCALES,
    TAGS,
    load_catalogue,
    nearest_language,
)

DOMAIN = "mail"


@dataclass(frozen=True)
class Words:
    """One language's words; `tag` names it for mail programs."""

    code: str
    tag: str
    locale: Locale
    catalogue: NullTranslations

    def say(self, message: str, **given: object) -> str:
        """A message with values in it."""
        text: str = self.catalogue.gettext(message)
        return text % given if given else text

    def count(self, one: str, many: str, number: int) -> str:
        """A message whose form goes by its `count`."""
        text: str = self.catalogue.ngettext(one, many, number)
        return text % {"count": number}

    def day(self, value: date) -> str:
        """A day with the day of the week."""
        return str(format_date(value, "full", locale=self.locale))

    def month_name(self, value: date) -> str:
        """A month with its year."""
        return str(format_skeleton("yMMMM", value, locale=self.locale))


def choose_words(language: str) -> Words:
    """The words for a recipient; English where there is no catalogue of the language."""
    return load_words(nearest_language(language) or ENGLISH)


@cache
def load_words(code: str) -> Words:
    """A language that there is a catalogue of."""
    locale = Locale.parse(LOCALES[code])
    return Words(code, TAGS.get(code, code), locale, load_catalogue(code, DOMAIN))
