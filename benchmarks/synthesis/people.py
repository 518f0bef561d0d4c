"""The members of a generated book: who enrols when under whom, who leads, who falls silent.

Belongs here: one draw for the whole book, and the snapshot of a month. Does not: orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.synthesis.plan import COUNTRIES, COUNTRY_SHARES, INACTIVE_MONTHS, RANKS, Plan
from benchmarks.synthesis.text import date_column, email_text, id_text, name_text, take

NEVER = 9_999
OLDEST = -84
LAPSE_SHARE = 0.0015
LEADER_SHARE = 0.02
# Most associates buy for themselves; these have customers of their own, as leaders have.
SELLER_SHARE = 0.01
LANGUAGES = ("en", "nl", "es", "zh")


@dataclass(frozen=True)
class People:
    """Members by number, in the order of their enrolment; months are indices of the plan."""

    enrolled_month: np.ndarray
    enrolled_day: np.ndarray
    is_associate: np.ndarray
    rank: np.ndarray
    sponsor: np.ndarray
    enroller: np.ndarray
    business: np.ndarray
    country: np.ndarray
    lapse_month: np.ndarray
    gone_from: np.ndarray
    leaders: np.ndarray
    is_seller: np.ndarray
    ids: pl.Series

    def is_active(self, month: int) -> np.ndarray:
        """Who may order in a month: enrolled before it, not silent by then."""
        return (self.enrolled_month < month) & (self.lapse_month > month)


def draw_people(plan: Plan) -> People:
    """Draw everybody who is ever a member."""
    rng = plan.generator(1)
    count = plan.members
    month, day = _enrolments(plan, rng)
    is_associate = rng.random(count) < 0.7
    is_associate[: max(plan.chain, 2)] = True
    leaders = _leaders(rng, month, is_associate, count)
    sponsor = _sponsors(rng, is_associate)
    enroller = np.where(rng.random(count) < 0.85, sponsor, _earlier(rng, is_associate))
    recent = np.flatnonzero((month >= 0) & (rng.random(count) < 0.8))
    enroller[recent] = rng.permutation(leaders)[np.arange(len(recent)) % len(leaders)]
    beneath = recent[rng.random(len(recent)) < 0.5]
    sponsor[beneath] = enroller[beneath]
    sponsor[1 : plan.chain] = np.arange(plan.chain - 1) if plan.chain else 0
    rank = rng.choice(3, count, p=(0.8, 0.15, 0.05))
    rank[leaders] = 3 + (rng.random(len(leaders)) < 0.25)
    country = rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES)
    lapse = _lapses(plan, rng, month, is_associate, sponsor, leaders)
    is_seller = is_associate & (rng.random(count) < SELLER_SHARE)
    is_seller[leaders] = True
    return People(
        month, day, is_associate, rank, sponsor, enroller, _businesses(rng, leaders, count),
        country, lapse, _departures(rng, lapse, country), leaders, is_seller,
        id_text("M", np.arange(count)),
    )  # fmt: skip


def _enrolments(plan: Plan, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    recent = 0.6 * min(1.0, plan.months / 36)
    spans = ((OLDEST, -24, 0.85 - recent), (-24, 0, 0.15), (0, plan.months, recent))
    months = np.concatenate(
        [rng.integers(start, end, round(share * plan.members)) for start, end, share in spans]
    )
    months = np.resize(months, plan.members)
    starts = np.array([plan.first_day_number(index) for index in range(OLDEST, plan.months + 1)])
    lengths = np.diff(starts)[months - OLDEST]
    days = starts[months - OLDEST] + (rng.random(plan.members) * lengths).astype(np.int64)
    order = np.argsort(days, kind="stable")
    return months[order], days[order]


def _leaders(
    rng: np.random.Generator, month: np.ndarray, is_associate: np.ndarray, count: int
) -> np.ndarray:
    old = np.flatnonzero((month < -24) & is_associate)
    return np.sort(rng.choice(old, max(4, round(LEADER_SHARE * count)), replace=False))


def _earlier(rng: np.random.Generator, is_associate: np.ndarray) -> np.ndarray:
    associates = np.flatnonzero(is_associate)
    before = np.cumsum(is_associate) - is_associate
    drawn = associates[(rng.random(len(is_associate)) * np.maximum(before, 1)).astype(np.int64)]
    return np.where(before > 0, drawn, -1)


def _sponsors(rng: np.random.Generator, is_associate: np.ndarray) -> np.ndarray:
    """Preferential attachment: half copy the sponsor of somebody who came before."""
    count = len(is_associate)
    drawn = _earlier(rng, is_associate)
    is_root = rng.random(count) < 1 / 20_000
    is_root[0] = True
    step = np.where(rng.random(count) < 0.5, drawn, np.arange(count))
    step[is_root] = np.flatnonzero(is_root)
    while True:
        further = step[step]
        if np.array_equal(further, step):
            break
        step = further
    sponsor = np.where(is_root[step], step, drawn[step])
    sponsor[is_root] = -1
    return np.where(sponsor == np.arange(count), drawn, sponsor)


def _businesses(rng: np.random.Generator, leaders: np.ndarray, count: int) -> np.ndarray:
    business = np.full(count, -1)
    paired = leaders[rng.random(len(leaders)) < 0.1]
    business[paired] = np.arange(len(paired)) // 2
    return business


def _lapses(
    plan: Plan,
    rng: np.random.Generator,
    month: np.ndarray,
    is_associate: np.ndarray,
    sponsor: np.ndarray,
    leaders: np.ndarray,
) -> np.ndarray:
    """The month of each member's last activity: about the same number every month."""
    lapse = np.full(plan.members, NEVER)
    may_lapse = np.ones(plan.members, bool)
    may_lapse[sponsor[~is_associate & (sponsor >= 0)]] = False
    may_lapse[leaders] = False
    before = np.flatnonzero(may_lapse & (month >= -24) & (month < 0))
    wanted = min(len(before), round(24 * LAPSE_SHARE * plan.members))
    silent = rng.choice(before, wanted, replace=False)
    lapse[silent] = month[silent]
    others = np.flatnonzero(may_lapse & (lapse == NEVER))
    wanted = min(len(others), round(1.6 * plan.months * LAPSE_SHARE * plan.members))
    chosen = rng.choice(others, wanted, replace=False)
    when = rng.integers(0, plan.months, wanted)
    fits = month[chosen] < when
    lapse[chosen[fits]] = when[fits]
    return lapse


def _departures(rng: np.random.Generator, lapse: np.ndarray, country: np.ndarray) -> np.ndarray:
    """The first snapshot without a member whom a close has removed; a few are forgotten."""
    flagged = np.maximum(lapse + INACTIVE_MONTHS, 12)
    later = np.where(country == COUNTRIES.index("ES"), 3, 2)
    is_forgotten = rng.random(len(lapse)) < 0.05
    return np.where((lapse == NEVER) | is_forgotten, NEVER, flagged + later)


def snapshot(plan: Plan, people: People, month: int) -> pl.DataFrame:
    """The members table of a month's drop, with the line closed over those who have gone."""
    is_gone = people.gone_from <= month
    present = np.flatnonzero((people.enrolled_month <= month) & ~is_gone)
    sponsor = _nearest_present(people.sponsor, people.sponsor, is_gone)[present]
    enroller = _nearest_present(people.enroller, people.sponsor, is_gone)[present]
    businesses = id_text("B", np.arange(int(people.business.max()) + 1), 6)
    is_associate = people.is_associate[present]
    rank = np.where(is_associate, people.rank[present], -1)
    language = np.where(present % 17 == 3, -1, present % len(LANGUAGES))
    email = email_text("m", present)
    return pl.DataFrame({
        "member_id": people.ids.gather(present),
        "member_type": take(("preferred_customer", "associate"), is_associate.astype(np.int64)),
        "name": name_text(present),
        "email": email.set(pl.Series(present % 11 == 5), None),
        "phone": id_text("+31", present, 8),
        "language": take(LANGUAGES, language),
        "country": take(COUNTRIES, people.country[present]),
        "sponsor_id": take(people.ids, sponsor),
        "enroller_id": take(people.ids, enroller),
        "business_id": take(businesses, people.business[present]),
        "enrolled_on": date_column(people.enrolled_day[present]),
        "rank": take(RANKS, rank),
    })  # fmt: skip


def _nearest_present(start: np.ndarray, sponsor: np.ndarray, is_gone: np.ndarray) -> np.ndarray:
    nearest = start.copy()
    while True:
        above = np.flatnonzero((nearest >= 0) & is_gone[nearest])
        if not len(above):
            return nearest
        nearest[above] = sponsor[nearest[above]]
