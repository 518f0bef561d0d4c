"""The programme's rules in figures: `policy.toml` as a typed, validated value (contract 2.0).

A section that is left out is None here: its programme does not run. Figures that are left out have
the contract's defaults. The programmes' own sections are in `programme_sections`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.book.programme_sections import (
    NAME,
    FollowUp,
    Inactivity,
    Journal,
    Onboarding,
    Referral,
    Returns,
    Subscriptions,
    Volume,
    read_follow_up,
    read_inactivity,
    read_journal,
    read_month,
    read_onboarding,
    read_referral,
    read_returns,
    read_subscriptions,
    read_volume,
)
from pipelines.book.toml_reading import Section, read_toml
from pipelines.book.zone import is_zone
from pipelines.months import Month
from schemas.forms import PATTERNS

FILE = r"(?!\.\.?$)[^/\\\x00-\x1f\x7f]{1,255}"


@dataclass(frozen=True)
class Company:
    """Who closes, in which currency, time zone and ranks (lowest first), from which month on.

    `rank_names` has by language what a rank is called there; without it the rank's own name.
    """

    name: str
    currency: str
    timezone: str
    opening_month: Month
    ranks: tuple[str, ...]
    rank_names: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class SignOff:
    """How many people must sign a month, and the file beside the policy that says who may."""

    signatures: int
    signers: str


@dataclass(frozen=True)
class Policy:
    """The whole policy in force for a month."""

    company: Company
    referral: Referral | None
    volume: Volume | None
    inactivity: Inactivity | None
    returns: Returns | None
    follow_up: FollowUp | None
    subscriptions: Subscriptions | None
    onboarding: Onboarding | None
    journal: Journal | None
    sign_off: SignOff | None
    max_quarantined_share: Decimal


def read_policy(path: Path) -> Policy:
    """Read and check a policy file (contract 2.0).

    Stop names the file, the key, what was found and what it must be; an unknown key names the
    nearest known one.
    """
    root = Section(path, "", read_toml(path))
    company = _company(root)
    policy = Policy(
        company=company,
        referral=read_referral(root.section("referral"), company.ranks),
        volume=read_volume(root.section("volume")),
        inactivity=read_inactivity(root.section("inactivity"), company.ranks),
        returns=read_returns(root.section("returns")),
        follow_up=read_follow_up(root.section("follow_up")),
        subscriptions=read_subscriptions(root.section("subscriptions")),
        onboarding=read_onboarding(root.section("onboarding")),
        journal=read_journal(root.section("journal")),
        sign_off=_sign_off(root.section("sign_off")),
        max_quarantined_share=_quality(root.section("quality")),
    )
    root.finish()
    return policy


def _company(root: Section) -> Company:
    section = root.section("company")
    if section is None:
        section = Section(root.path, "company", {})
    company = Company(
        name=section.text("name", None, r"(?s).*\S.*", "the company's name"),
        currency=section.text("currency", None, PATTERNS["currency"], "three capitals"),
        timezone=section.text("timezone", None, r".+", "a time zone such as Europe/Amsterdam"),
        opening_month=read_month(section, "opening_month"),
        ranks=(ranks := section.texts("ranks", None, NAME, "a rank's name")),
        rank_names=_rank_names(section.section("rank_names"), ranks),
    )
    if not is_zone(company.timezone):
        raise section.refuse("timezone", company.timezone, "a time zone such as Europe/Amsterdam")
    if not ranks:
        raise section.refuse("ranks", [], "the list of ranks, lowest first")
    section.finish()
    return company


def _rank_names(section: Section | None, ranks: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """What the ranks are called, by language."""
    names: dict[str, dict[str, str]] = {}
    if section is None:
        return names
    for language, content in sorted(section.rest().items()):
        named = Section(section.path, f"{section.name}.{language}", content)
        if not re.fullmatch(PATTERNS["language"], language):
            raise section.refuse(language, language, "a language in two small letters")
        for rank in content:
            if rank not in ranks:
                raise named.refuse(rank, rank, f"one of the ranks ({', '.join(ranks)})")
        names[language] = {rank: named.text(rank, None, NAME, "a name") for rank in content}
    return names


def _sign_off(section: Section | None) -> SignOff | None:
    if section is None:
        return None
    sign_off = SignOff(
        signatures=section.integer("signatures", 2, 1, 100),
        signers=section.text("signers", None, FILE, "the name of a file beside this one"),
    )
    section.finish()
    return sign_off


def _quality(section: Section | None) -> Decimal:
    if section is None:
        return Decimal("0.05")
    share = section.decimal("max_quarantined_share", Decimal("0.05"), 0, 1, 6)
    section.finish()
    return share
