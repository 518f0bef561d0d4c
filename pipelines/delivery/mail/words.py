"""The languages that mail is written in: its catalogue, and how dates are written.

Belongs here: the form of a text in a language. English stands in `letters`; the other languages are
the files mail.po under reports/templates/locale.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from pipelines.places import find_folder

ENGLISH = "en"
# A recipient's language and the locale that dates are written by.
LOCALES = {
    ENGLISH: "en_GB", "nl": "nl", "es": "es", "zh": "zh_Hans", "de": "de", "fr": "fr", "it": "it",
    "pt": "pt_PT", "pl": "pl", "sv": "sv", "no": "nb", "da": "da",
}  # fmt: skip
SAME = {"nb": "no", "nn": "no"}
TAGS = {"zh": "zh-Hans", "no": "nb"}
CATALOGUES = find_folder("reports/templates") / "locale"
FILE = "mail.po"
NAME = "mail"


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
    code = SAME.get(language, language)
    return load_words(code if code in LOCALES else ENGLISH)


@cache
def load_words(code: str) -> Words:
    """A language that there is a catalogue of."""
    catalogue: NullTranslations = NullTranslations()
    if code != ENGLISH:
        compiled = io.BytesIO()
        with (CATALOGUES / code / "LC_MESSAGES" / FILE).open("rb") as source:
            write_mo(compiled, read_po(source, locale=LOCALES[code], abort_invalid=True))
        compiled.seek(0)
        catalogue = Translations(compiled, domain=NAME)
    return Words(code, TAGS.get(code, code), Locale.parse(LOCALES[code]), catalogue)
