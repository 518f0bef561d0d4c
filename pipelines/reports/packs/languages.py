"""A reader's language: the catalogue's words, and how dates and numbers are written in it.

Belongs here: the form of one value or text in a language. Catalogues are the .po files under
reports/templates/locale; who reads what is said by the pages.
"""

from __future__ import annotations

import io
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_percent
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from pipelines.reports.look.formats import MINUS
from pipelines.reports.look.templates import TEMPLATES

ENGLISH = "en"
# Languages that there is a catalogue for, each with the locale of its dates and numbers.
LOCALES = {
    ENGLISH: "en_GB", "nl": "nl", "es": "es", "zh": "zh_Hans", "de": "de", "fr": "fr", "it": "it",
    "pt": "pt_PT", "pl": "pl", "sv": "sv", "nb": "nb", "da": "da",
}  # fmt: skip
# Languages whose readers read another one's catalogue as their own.
NEAREST = {"no": "nb", "nn": "nb"}
TAGS = {"zh": "zh-Hans", "pt": "pt-PT"}
DOMAIN = "leaders"
# No number's form needs a greater one to stand for it.
MOST_TRIED = 200
DAYS = ("yMMMd", "yMMMEd")  # in short, and with the day of the week
DISTINCT_DATES = 4096


class Written(NamedTuple):
    """A value as a page needs it: for machines, in short, and at length where that differs."""

    plain: str
    text: str
    long: str


@dataclass(frozen=True)
class Language:
    """One language: its code, the tag for a page, its words and its ways of writing values.

    `written_amount` is given an amount as the engine writes it. `alike` gives the least number
    whose words have the form of a number's: 22 is as 2 in Polish.
    """

    code: str
    tag: str
    words: NullTranslations
    say: Callable[[str], Markup]
    month_name: Callable[[date], str]
    dates: Callable[[date], Written]
    alike: Callable[[int], int]
    amount: Callable[[Decimal], str]
    written_amount: Callable[[str], str]
    count: Callable[[int], str]
    rate: Callable[[Decimal], str]

    def text(self, message: str, **given: object) -> Markup:
        """A message in this language, with values in it escaped."""
        return self.say(message) % given if given else self.say(message)

    def counted_text(self, one: str, many: str, number: int, **given: object) -> Markup:
        """A message whose form goes by a number."""
        return Markup(self.words.ngettext(one, many, number)) % given


def chosen_language(code: str | None) -> Language:
    """The language of a member; English where there is no catalogue."""
    return load_language(nearest_language(code) or ENGLISH)


def nearest_language(code: str | None) -> str | None:
    """The language with a catalogue that a code's readers read: of `pt-BR` or `zh_TW` the main one,
    of `nn` and `no` Bokmål; None where there is none."""
    main = re.split("[-_]", (code or "").lower())[0]
    near = NEAREST.get(main, main)
    return near if near in LOCALES else None


def named_in(names: Mapping[str, Mapping[str, str]], code: str) -> dict[str, str]:
    """Names by a page's language: those given for it, then those given for one near to it."""
    near = [each for each in names if each != code and nearest_language(each) == code]
    return {key: name for each in (*near, code) for key, name in names.get(each, {}).items()}


@cache
def load_language(code: str) -> Language:
    """A language that there is a catalogue for."""
    locale = Locale.parse(LOCALES[code])
    symbols = locale.number_symbols["latn"]
    point = symbols["decimal"]
    signs = str.maketrans({sign: sign for sign in string.digits} | {
        ",": symbols["group"], ".": point, "-": MINUS,
    })  # fmt: skip

    def amount(value: Decimal) -> str:
        # babel's own takes 16 microseconds a figure; a test holds this to be the same.
        return f"{value:,.2f}".translate(signs)

    def written_amount(value: str) -> str:
        # Below a thousand nothing stands apart, and most amounts have no sign.
        if len(value) >= 7:
            return amount(Decimal(value))
        return value.translate(signs) if value[0] == "-" else value.replace(".", point)

    def count(value: int) -> str:
        return f"{value:,}".translate(signs)

    def rate(value: Decimal) -> str:
        return str(format_percent(value, locale=locale, decimal_quantization=False))

    @cache
    def month_name(value: date) -> str:
        return str(format_skeleton("yMMMM", value, locale=locale))

    @lru_cache(DISTINCT_DATES)
    def written_day(value: date) -> Written:
        text, long = (str(format_skeleton(form, value, locale=locale)) for form in DAYS)
        return Written(value.isoformat(), text, long)

    def dates(value: date) -> Written:
        if not isinstance(value, datetime):
            return written_day(value)
        plain = value.isoformat()
        text = f"{written_day(value.date()).long}, {plain[11:16]}"
        return Written(plain, text, text)

    words = load_catalogue(code)
    say = cache(lambda message: Markup(words.gettext(message)))
    return Language(
        code, TAGS.get(code, code), words, say, month_name, dates, _find_alike(words), amount,
        written_amount, count, rate,
    )  # fmt: skip


def _find_alike(words: NullTranslations) -> Callable[[int], int]:
    """What `Language.alike` is by a catalogue's own plural forms."""
    form: Callable[[int], int] = getattr(words, "plural", lambda number: int(number != 1))
    least = {form(number): number for number in range(MOST_TRIED, -1, -1)}
    return lambda number: least[form(number)]


def load_catalogue(code: str, domain: str = DOMAIN) -> NullTranslations:
    """The words of a language for packs, or for another domain; English stands where it is said."""
    if code == ENGLISH:
        return NullTranslations()
    path = TEMPLATES / "locale" / code / "LC_MESSAGES" / f"{domain}.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled, domain=domain)
