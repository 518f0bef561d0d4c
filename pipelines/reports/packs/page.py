"""The page of a leader's pack, in the leader's language.

Belongs here: which parts a page has and what each is given. What the parts' cells are is said in
parts, how they look and what they say in reports/templates: leader.html, leader_parts.html,
leader_rows.html and the catalogues beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from pipelines.book.policy import Policy
from pipelines.book.programme_sections import Referral
from pipelines.book.zone import load_zone
from pipelines.months import Month, months_between
from pipelines.reports.look.small_drawings import draw_spark
from pipelines.reports.look.templates import templates
from pipelines.reports.look.words import WORDS
from pipelines.reports.packs import parts
from pipelines.reports.packs.cells import SHAPE, CellKinds, kind_of
from pipelines.reports.packs.languages import Language, chosen_language, named_in
from pipelines.reports.packs.part_templates import Patterns
from pipelines.reports.packs.rows import LeaderRows, Section

# The words of the base page that a pack shows; the mark of a trial is the same in every language.
BASE_WORDS = ("skip", "pages", "trial_note", "filter")
TREND_MONTHS = 12
# So few rows are seen at once, and nobody needs to sort them.
MOST_SEEN = 4


class PackPages:
    """The pages of a month's packs, of parts whose patterns are kept for each language."""

    def __init__(
        self, policy: Policy, month: Month, is_trial: bool, window: dict[str, Any] | None
    ) -> None:
        """In: the policy, the month, whether it is a trial, and the window that comes next."""
        self._given: dict[str, Any] = {
            "company": policy.company.name,
            "zone": policy.company.timezone,
            "policy": policy,
            "month": month,
            "is_trial": is_trial,
        }
        self._window = window
        self._in_languages: dict[str, _PagesInLanguage] = {}

    def render(self, leader: LeaderRows) -> bytes:
        """A leader's page in UTF-8. In: what there is of the leader."""
        language = chosen_language(leader.pack["language"])
        pages = self._in_languages.get(language.code)
        if pages is None:
            pages = _PagesInLanguage(language, self._given, self._window)
            self._in_languages[language.code] = pages
        return pages.render(leader)


class _PagesInLanguage:
    """The pages of the leaders who read one language."""

    def __init__(
        self, language: Language, given: dict[str, Any], window: dict[str, Any] | None
    ) -> None:
        policy, month = given["policy"], given["month"]
        self._ranks = named_in(policy.company.rank_names, language.code)
        spoken = given | _speak(language, month) | {"rank_name": self._rank_name}
        self._policy: Policy = policy
        self._months = [each.text for each in months_between(policy.company.opening_month, month)][
            -TREND_MONTHS:
        ]
        self._kinds = CellKinds(language, load_zone(policy.company.timezone))
        page = templates().get_template("leader.html")
        self._page = Patterns(
            lambda pack: page.render(spoken, pack=pack), self._kinds.columns(parts.PAGE)
        )
        self._parts = templates().get_template("leader_parts.html").make_module(spoken)
        self._rows = templates().get_template("leader_rows.html").make_module(spoken)
        self._patterns: dict[str, Patterns] = {}
        self._row_patterns: dict[str, Patterns] = {}
        self._next: str | None = None
        if window and policy.referral:
            self._next = self._fill("next_window", parts.NEXT, *_next(window))

    def _rank_name(self, rank: str) -> str:
        return self._ranks.get(rank, rank)

    def render(self, leader: LeaderRows) -> bytes:
        """A leader's page in UTF-8: half of it is the same on every page, and encoded once."""
        pack = leader.pack
        rank = pack["rank"] and self._rank_name(pack["rank"])
        content = "".join(self._render_parts(leader))
        pieces = self._page.pieces([(pack["name"], pack["leader_id"], rank, content)])
        encoded = [*map(str.encode, pieces[1::2]), b""]
        own = map(_encoded_once, pieces[::2])
        return b"".join(chain.from_iterable(zip(own, encoded, strict=True)))

    def _render_parts(self, leader: LeaderRows) -> Iterator[str]:
        pack, sections = leader.pack, leader.sections
        yield from self._what_waits(pack, sections)
        yield self._figures(leader)
        for name in parts.TO_DO:
            if sections[name].total:
                yield self._section(sections[name], pack)
        if self._policy.referral and pack["qualified"] is not None:
            yield self._programme(pack, self._policy.referral)
        yield self._volume(pack)
        for name in parts.TO_KNOW:
            if sections[name].total:
                yield self._section(sections[name], pack)

    def _what_waits(self, pack: dict[str, Any], sections: dict[str, Section]) -> Iterator[str]:
        """What asks for an act, and apart what was due when the month ended."""
        if pack["deadline"]:
            yield self._fill("notice", parts.NOTICE, pack["deadline"])
        cards = "".join(self._card(each) for each in sections.values() if each.waiting)
        past = [sections[name].past or None for name in parts.PAST]
        if cards:
            yield self._fill("cards", parts.CARDS, cards)
        elif not pack["deadline"]:
            yield self._fill("no_cards", parts.NO_CARDS, any(past))
        if any(past):
            yield self._fill("past", parts.PAST, *past)

    def _card(self, section: Section) -> str:
        day = parts.FIRST_DAYS.get(section.name)
        given = (section.waiting, section.total, section.first[day] if day else None)
        columns = parts.TIMED_CARD if day == "contact_by" else parts.CARD
        return self._fill(f"{section.name}_card", columns, *given)

    def _figures(self, leader: LeaderRows) -> str:
        """The month in figures: own volume and commissions beside last month's, customers, line."""
        pack, sections = leader.pack, leader.sections
        earned, earned_before = sections["commissions"].sum, pack["commission_before"]
        has_earned = earned is not None or bool(earned_before)
        personal, of_group = self._sparks(leader)
        return self._fill(
            "figures", parts.FIGURES, pack["personal_bv"], pack["personal_bv_before"], personal,
            pack["group_bv"], pack["group_bv_before"], of_group,
            (earned or Decimal(0)) if has_earned else None, earned_before,
            sections["customers"].total or None, pack["people"] or None, pack["newcomers"],
            pack["qualified"],
        )  # fmt: skip

    def _sparks(self, leader: LeaderRows) -> Iterator[str | None]:
        """The lines of personal and group volume; None where there is nothing to see."""
        months, *volumes = leader.trend or ([], [], [])
        for values in volumes:
            known = dict(zip(months, values, strict=True))
            line = [known.get(month, 0.0) for month in self._months]
            yield self._spark(line) if len({*line}) > 1 else None

    def _spark(self, values: list[float]) -> str:
        drawn = draw_spark(values)
        return self._fill("spark", parts.SPARK, drawn.path, drawn.end, drawn.zero)

    def _section(self, section: Section, pack: dict[str, Any]) -> str:
        return self._fill(
            section.name, parts.SECTION, section.total, section.listed, len(section.rows),
            section.waiting or None, section.past or None, self._tables(section) or None,
            section.listed > len(section.rows), section.is_merged, section.sum,
            pack["commission_before"],
        )  # fmt: skip

    def _tables(self, section: Section) -> str:
        """A section's rows in a table, or in one for each state that they are in."""
        columns = list(section.columns)
        if "state" not in columns:
            return self._table(section, None, section.rows) if section.rows else ""
        states = groupby(section.rows, key=itemgetter(columns.index("state")))
        return "".join(self._table(section, state, tuple(rows)) for state, rows in states)

    def _table(self, section: Section, state: str | None, rows: tuple[tuple[Any, ...], ...]) -> str:
        patterns = self._row_patterns.get(section.name)
        if patterns is None:
            columns = {name: kind_of(name, type_) for name, type_ in section.columns.items()}
            macro = getattr(self._rows, section.name)
            patterns = Patterns(macro, self._kinds.columns(columns), SHAPE)
            self._row_patterns[section.name] = patterns
        given = patterns.fill(rows), state, len(rows) > MOST_SEEN
        return self._fill(f"{section.name}_table", parts.TABLE, *given)

    def _programme(self, pack: dict[str, Any], referral: Referral) -> str:
        best = pack["best_order_bv"] or Decimal(0)
        given = pack | {"order_bv_short": referral.min_order_bv - best, "next": self._next}
        cells = [given[name] for name in parts.PROGRAMME]
        return self._fill("programme", parts.PROGRAMME, *cells)

    def _volume(self, pack: dict[str, Any]) -> str:
        """Volume beside last month's, the line in figures, and what the compression makes of it."""
        people, associates = pack["people"], pack["associates"] or 0
        given = pack | {
            "people": people or None,
            "customers": people - associates if people else None,
            "is_payline_changed": pack["payline_bv_after"] != pack["payline_bv"],
            "are_legs_changed": pack["legs_after"] != pack["legs"],
        }
        return self._fill("volume", parts.VOLUME, *[given[name] for name in parts.VOLUME])

    def _fill(self, part: str, columns: dict[str, str], *cells: Any) -> str:
        patterns = self._patterns.get(part)
        if patterns is None:
            patterns = Patterns(getattr(self._parts, part), self._kinds.columns(columns))
            self._patterns[part] = patterns
        return patterns.fill((cells,))


@cache
def _encoded_once(text: str) -> bytes:
    return text.encode()


def _next(window: dict[str, Any]) -> list[Any]:
    weeks = ((window["qualification_end"] - window["qualification_start"]).days + 1) // 7
    given = window | {"weeks": weeks}
    return [given[name] for name in parts.NEXT]


def _speak(language: Language, month: Month) -> dict[str, Any]:
    """What the templates call for words, dates and numbers."""
    translated = language.words.gettext
    return {
        "lang": language.tag,
        "words": WORDS | {name: translated(WORDS[name]) for name in BASE_WORDS},
        "last_day": language.dates(month.end).text,
        "_": language.text,
        "ngettext": language.counted_text,
        "month_name": language.month_name,
        "amount": language.amount,
    }
