"""The field's words on the pages: each marked one is explained, and as the glossary has it."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import PROJECT
from test_page_figures import MONTHS
from test_pages import PROGRAMMES

from pipelines.reports.look.terms import MARKED, ON_PAGES, TERMS, mark_terms

GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
ABBREVIATION = re.compile(r'<abbr title="([^"]+)">([^<]+)</abbr>')
LISTED = re.compile(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>")


def test_every_term_is_in_the_glossary() -> None:
    # What a word of a column's title is called there.
    called = {"Group": "Group volume", "Payline": "Payline volume", "Weeks paid": "Paid-as rank",
              "Notice": "notice"}  # fmt: skip
    for term in TERMS:
        assert called.get(term, term).lower() in GLOSSARY, term


def test_what_is_marked_has_its_meaning_and_is_on_a_pages_list() -> None:
    assert set(MARKED) <= set(TERMS)
    for term in TERMS:
        assert any(term in terms for terms in ON_PAGES.values()), term


def test_a_title_keeps_its_words() -> None:
    text = mark_terms("Net BV <of> seats")
    assert "&lt;of&gt;" in text and '">BV</abbr>' in text and '">seats</abbr>' in text
    assert re.sub("<[^>]*>", "", text) == "Net BV &lt;of&gt; seats"
    for title in ("Obvious legends", "How it ran", "No bv"):
        assert "<abbr" not in mark_terms(title)


def test_every_page_explains_the_terms_that_it_marks(closed_sample: Path) -> None:
    month = closed_sample / "reports" / MONTHS[-1]
    for page in ("", *PROGRAMMES):
        text = (month / page / "index.html").read_text(encoding="utf-8")
        listed = dict(LISTED.findall(text[text.index('<details class="words">') :]))
        marked = {meaning for meaning, _ in ABBREVIATION.findall(text)}
        assert marked <= set(listed.values()), page
