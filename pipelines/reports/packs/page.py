"""The page of a leader's pack, in the leader's language.

Belongs here: which parts a page has, what each is given and in which words its base stands. How
they look and what they say is in reports/templates: leader.html, leader_parts.html,
leader_rows.html and the catalogues beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from pipelines.book.policy import Policy
from pipelines.book.programme_sections import Referral
from pipelines.book.zone import load_zone
from pipelines.months import Month
from pipelines.reports.look.templates import templates
from pipelines.reports.look.words import WORDS
from pipelines.reports.packs.cells import CellKinds, kind_of
from pipelines.reports.packs.languages import Language, chosen_language
from pipelines.reports.packs.patterns import Patterns
from pipelines.reports.packs.rows import LeaderRows, Section

# The words of the base page that a pack shows; the mark of a trial is the same in every language.
BASE_WORDS = ("skip", "pages", "trial_note", "filter")
# The day that a section's card tells.
FIRST_DAYS = {"inactivity": "deadline", "follow_ups": "due_to"}
# Each part's cells and their kinds (see pack_cells); its macro has the part's name.
PAGE = {"name": "text", "leader_id": "text", "rank": "text", "parts": "markup"}
NOTICE = {"deadline": "day"}
CARDS = {"cards": "markup"}
CARD = {"waiting": "count", "total": "count", "first_day": "day"}
SECTION = {
    "total": "count", "listed": "count", "shown": "count", "past": "count", "rows": "markup",
    "number": "code", "is_cut": "code", "has_more_rows": "code", "sum": "amount",
}  # fmt: skip
PROGRAMME = {
    "qualified": "code", "reasons": "code", "weeks_paid": "code", "weeks": "code",
    "enrolments": "code", "qualification_start": "day", "qualification_end": "day",
    "benefits_start": "day", "benefits_end": "day", "best_order_bv": "amount",
    "order_bv_short": "amount",
}  # fmt: skip
VOLUME = {
    "personal_bv": "amount", "group_bv": "amount", "payline_bv": "amount",
    "payline_bv_after": "amount", "legs": "count", "legs_after": "count",
    "is_payline_changed": "code", "are_legs_changed": "code",
}  # fmt: skip


class PackPages:
    """The pages of a month's packs, of parts whose patterns are kept for each language."""

    def __init__(self, policy: Policy, month: Month, is_trial: bool) -> None:
        self._given: dict[str, Any] = {
            "company": policy.company.name,
            "zone": policy.company.timezone,
            "policy": policy,
            "month": month,
            "is_trial": is_trial,
        }
        self._in_languages: dict[str, _PagesInLanguage] = {}

    def render(self, leader: LeaderRows) -> str:
        """A leader's page. In: what there is of the leader."""
        language = chosen_language(leader.pack["language"])
        pages = self._in_languages.get(language.code)
        if pages is None:
            pages = self._in_languages[language.code] = _PagesInLanguage(language, self._given)
        return pages.render(leader)


class _PagesInLanguage:
    """The pages of the leaders who read one language."""

    def __init__(self, language: Language, given: dict[str, Any]) -> None:
        spoken = given | _speak(language)
        policy: Policy = given["policy"]
        self._referral = policy.referral
        self._kinds = CellKinds(language, load_zone(policy.company.timezone))
        page = templates().get_template("leader.html")
        self._page = Patterns(
            lambda pack: page.render(spoken, pack=pack), self._kinds.columns(PAGE)
        )
        self._parts = templates().get_template("leader_parts.html").make_module(spoken)
        self._rows = templates().get_template("leader_rows.html").make_module(spoken)
        self._patterns: dict[str, Patterns] = {}
        self._row_patterns: dict[str, Patterns] = {}

    def render(self, leader: LeaderRows) -> str:
        """A leader's page."""
        pack = leader.pack
        parts = Markup("").join(self._render_parts(pack, list(leader.sections.values())))
        return self._page.fill([(pack["name"], pack["leader_id"], pack["rank"], parts)])

    def _render_parts(self, pack: dict[str, Any], sections: list[Section]) -> Iterator[Markup]:
        if pack["deadline"]:
            yield self._fill("notice", NOTICE, pack["deadline"])
        cards = Markup("").join(self._card(section) for section in sections if section.waiting)
        if cards:
            yield self._fill("cards", CARDS, cards)
        elif not pack["deadline"]:
            yield self._fill("no_cards", {})
        for section in sections:
            if section.total:
                yield self._section(section)
        if self._referral and pack["qualified"] is not None:
            yield self._programme(pack, self._referral)
        yield self._volume(pack)

    def _card(self, section: Section) -> Markup:
        day = FIRST_DAYS.get(section.name)
        first_day = section.first[day] if day else None
        return self._fill(f"{section.name}_card", CARD, section.waiting, section.total, first_day)

    def _section(self, section: Section) -> Markup:
        rows, shown = self._section_rows(section), len(section.rows)
        past = section.total - section.waiting
        # The number that the form of a sentence goes by.
        number = {"customers": section.total, "onboarding": section.total, "follow_ups": past}
        return self._fill(
            section.name, SECTION, section.total, section.listed, shown, past or None, rows,
            number.get(section.name), section.listed > shown, shown > 1, section.sum,
        )  # fmt: skip

    def _section_rows(self, section: Section) -> Markup | None:
        if not section.rows:
            return None
        patterns = self._row_patterns.get(section.name)
        if patterns is None:
            columns = {name: kind_of(name, type_) for name, type_ in section.columns.items()}
            patterns = Patterns(getattr(self._rows, section.name), self._kinds.columns(columns))
            self._row_patterns[section.name] = patterns
        return patterns.fill(section.rows)

    def _programme(self, pack: dict[str, Any], referral: Referral) -> Markup:
        best = pack["best_order_bv"] or Decimal(0)
        given = pack | {"best_order_bv": best, "order_bv_short": referral.min_order_bv - best}
        return self._fill("programme", PROGRAMME, *[given[name] for name in PROGRAMME])

    def _volume(self, pack: dict[str, Any]) -> Markup:
        given = pack | {
            "is_payline_changed": pack["payline_bv_after"] != pack["payline_bv"],
            "are_legs_changed": pack["legs_after"] != pack["legs"],
        }
        return self._fill("volume", VOLUME, *[given[name] for name in VOLUME])

    def _fill(self, part: str, columns: dict[str, str], *cells: Any) -> Markup:
        patterns = self._patterns.get(part)
        if patterns is None:
            patterns = Patterns(getattr(self._parts, part), self._kinds.columns(columns))
            self._patterns[part] = patterns
        return patterns.fill((cells,))


def _speak(language: Language) -> dict[str, Any]:
    """What the templates call for words, dates and numbers."""
    translated = language.words.gettext
    return {
        "lang": language.tag,
        "words": WORDS | {name: translated(WORDS[name]) for name in BASE_WORDS},
        "_": language.text,
        "ngettext": language.counted_text,
        "month_name": language.month_name,
        "amount": language.amount,
    }
