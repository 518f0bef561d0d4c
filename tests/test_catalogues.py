"""The catalogues of leaders' pages: every message in every language, in all of its plural forms,
with the same places for values, and no English left over."""

from __future__ import annotations

import re
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.checkers import checkers
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from pipelines.reports.look.templates import TEMPLATES
from pipelines.reports.look.words import WORDS
from pipelines.reports.packs.languages import (
    LOCALES,
    chosen_language,
    load_language,
    named_in,
    nearest_language,
)
from pipelines.reports.packs.page import BASE_WORDS

TRANSLATED = [code for code in LOCALES if code != "en"]
PLACE = re.compile(r"%\((\w+)\)s")
WORD = re.compile(r"[^\W\d_]{3,}")


def messages() -> set[str | tuple[str, ...]]:
    """Every message that a leader's page can say."""
    extracted: list[Any] = []
    for name in ("leader.html", "leader_parts.html", "leader_rows.html"):
        with (TEMPLATES / name).open("rb") as source:
            extracted += babel_extract(source, ["_", "ngettext"], [], {})
    found: set[str | tuple[str, ...]] = {WORDS[name] for name in BASE_WORDS}
    for _, function, said, _ in extracted:
        texts = [said] if isinstance(said, str) else [text for text in said if text]
        found.add(tuple(texts[:2]) if function == "ngettext" else texts[0])
    return found


MESSAGES = messages()
ENGLISH = {word for said in MESSAGES for word in WORD.findall(PLACE.sub("", " ".join(
    [said] if isinstance(said, str) else said)).lower())}  # fmt: skip
# Words that are the language's own as well.
SHARED = {
    "nl": {"account", "accounts", "associate", "associates", "best", "contact", "filter", "lead",
           "leads", "met", "volume", "was", "week"},
    "es": {"has", "personal"},
    "de": {"name", "person", "rate", "stand", "was"},
    "fr": {"active", "change", "commission", "commissions", "condition", "conditions", "contact",
           "contacts", "inactive", "page", "pages", "positions", "programme", "volume"},
    "it": {"all", "come", "file", "rate", "volume"},
    "pt": {"data", "volume"},
    "pl": {"data"},
    "sv": {"information", "person"},
    "nb": {"for", "person", "time"},
    "da": {"end", "for", "information", "person", "rate", "time"},
}  # fmt: skip


def forms(message: Message) -> list[str]:
    """A message's forms in the catalogue's language."""
    said = message.string or ()
    return [said] if isinstance(said, str) else list(said)


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    code = request.param
    path = TEMPLATES / "locale" / code / "LC_MESSAGES" / "leaders.po"
    with path.open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def said(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_a_catalogue_has_every_message_and_no_other(catalogue: Catalog) -> None:
    assert {message.id for message in said(catalogue)} == MESSAGES
    assert not catalogue.obsolete and not any(message.fuzzy for message in catalogue)
    for message in said(catalogue):
        for check in checkers:
            check(catalogue, message)


def test_every_form_of_every_message_is_there(catalogue: Catalog) -> None:
    for message in said(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        assert len(forms(message)) == expected and all(map(str.strip, forms(message))), message.id
        ids = [message.id] if isinstance(message.id, str) else message.id
        for form in forms(message):
            assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(ids[-1])), message.id
            assert form == form.strip() and "  " not in form
            # Names of columns stand in a style as well.
            assert not set('"\\<>{}') & set(form), form


def test_the_forms_are_those_of_the_languages_own_plural_rules(catalogue: Catalog) -> None:
    locale = Locale.parse(LOCALES[str(catalogue.locale)])
    rule = get_plural(LOCALES[str(catalogue.locale)])
    assert (catalogue.num_plurals, catalogue.plural_expr) == (rule.num_plurals, rule.plural_expr)
    form = getattr(load_language(str(catalogue.locale)).words, "plural", None)
    assert form is not None
    categories: dict[int, set[str]] = {}
    for number in [*range(2000), 10_002, 100_021, 999_999]:
        categories.setdefault(form(number), set()).add(locale.plural_form(number))
    assert set(categories) == set(range(catalogue.num_plurals))
    found = [category for each in categories.values() for category in each]
    assert len(found) == len(set(found)) == catalogue.num_plurals, categories


def test_no_english_is_left_over(catalogue: Catalog) -> None:
    known = SHARED.get(str(catalogue.locale), set())
    left = {
        word
        for message in said(catalogue)
        for form in forms(message)
        for word in WORD.findall(PLACE.sub("", form).lower())
        if word in ENGLISH
    }
    assert left == known


@pytest.mark.parametrize("code", LOCALES)
def test_a_number_is_worded_like_the_least_that_is_alike(code: str) -> None:
    language = load_language(code)
    for number in [*range(300), 1_000, 1_002, 21_045]:
        alike = language.alike(number)
        for one, many in [each for each in MESSAGES if isinstance(each, tuple)][:3]:
            told = language.words.ngettext(one, many, number)
            assert told == language.words.ngettext(one, many, alike) and alike <= number


def test_each_polish_number_has_its_form() -> None:
    language = load_language("pl")
    one, many = "%(count)s week", "%(count)s weeks"
    told = {n: language.counted_text(one, many, n, count=n) for n in (1, 2, 5, 12, 22, 101)}
    assert list(told.values()) == [
        "1 tydzień", "2 tygodnie", "5 tygodni", "12 tygodni", "22 tygodnie", "101 tygodni",
    ]  # fmt: skip


def test_a_code_without_a_catalogue_of_its_own_falls_to_the_nearest() -> None:
    nearest = {
        "pt-BR": "pt", "zh_TW": "zh", "zh-Hant": "zh", "nb": "nb", "nn": "nb", "no": "nb",
        "no-NO": "nb", "EN": "en", "fr-CA": "fr", "xx": None, "fi": None, "": None, None: None,
    }  # fmt: skip
    assert {code: nearest_language(code) for code in nearest} == nearest
    assert chosen_language("pt-BR") is load_language("pt")
    assert chosen_language(None) is chosen_language("xx") is load_language("en")


def test_ranks_are_named_by_the_pages_language_and_those_near_to_it() -> None:
    names = {"no": {"director": "direktør", "manager": "leder"}, "nb": {"manager": "teamleder"},
             "fi": {"director": "johtaja"}}  # fmt: skip
    assert named_in(names, "nb") == {"director": "direktør", "manager": "teamleder"}
    assert named_in(names, "en") == named_in({}, "nb") == {}


# What native readers stumbled over, and is not to come back.
STUMBLED = {
    "nl": ("Uw band", "uiterlijk eind", "eerste uiterste", "betaalniveaus"),
    "es": ("calific", "Pagado como", "has traído", "Lo registraste"),
    "de": ("Zahlungsebenen",),
    "zh": ("各周", "周中的", "付酬", "带来的账户"),
}


@pytest.mark.parametrize("code", STUMBLED)
def test_what_readers_stumbled_over_is_said_no_more(code: str) -> None:
    path = TEMPLATES / "locale" / code / "LC_MESSAGES" / "leaders.po"
    text = path.read_text(encoding="utf-8").replace('"\n"', "")
    assert [phrase for phrase in STUMBLED[code] if phrase in text] == []


@pytest.mark.parametrize(
    ("code", "told"),
    [("de", "1 Mitglied fehlt, 2 Mitglieder fehlen"), ("es", "falta 1 miembro, faltan 2 miembros"),
     ("it", "manca 1 membro, mancano 2 membri"), ("pt", "falta 1 membro, faltam 2 membros"),
     ("nl", "1 lid te weinig, 2 leden te weinig"), ("zh", "差 1 名, 差 2 名")],
)  # fmt: skip
def test_what_is_missing_agrees_with_its_number(code: str, told: str) -> None:
    one, many = "%(count)s member short", "%(count)s members short"
    language = load_language(code)
    assert ", ".join(language.counted_text(one, many, n, count=n) for n in (1, 2)) == told
