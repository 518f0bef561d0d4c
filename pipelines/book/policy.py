"""The programme's rules in figures: `policy.toml` as a typed, validated value (contract 2.0).

A section that is left out is None here: its programme does not run. Figures that are left out have
the contract's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.book.toml_reading import Section, read_toml
from pipelines.book.zone import is_zone
from pipelines.months import FORM, Month
from schemas.cells import PATTERNS

RANK = r"(?!.*[\x00-\x1f\x7f])\S(.{0,62}\S)?"
DAYS = 3660


@dataclass(frozen=True)
class Company:
    """Who closes, in which currency, time zone and ranks (lowest first), from which month on."""

    name: str
    currency: str
    timezone: str
    opening_month: Month
    ranks: tuple[str, ...]


@dataclass(frozen=True)
class Referral:
    """The customer referral programme's thresholds (BV in units of the company's BV)."""

    countries: tuple[str, ...]
    min_rank: str
    min_order_bv: Decimal
    min_enrolments: int
    min_enrolment_order_bv: Decimal
    reassignment_business_days: int
    contact_hours: int


@dataclass(frozen=True)
class Volume:
    """How many levels the payline volume counts."""

    pay_levels: int


@dataclass(frozen=True)
class Market:
    """A country's own day of notice, grace and first month of flags; None: as everywhere."""

    country: str
    notice_day: int
    grace_days: int | None
    first_flag_month: Month


@dataclass(frozen=True)
class Inactivity:
    """When a record counts as inactive, who is told and when it is removed."""

    months: int
    first_flag_month: Month
    leader_rank: str
    list_levels: int
    exempt: tuple[str, ...]
    max_removed_share: Decimal
    markets: tuple[Market, ...]


@dataclass(frozen=True)
class Returns:
    """The three clocks of a return."""

    notice_business_days: int
    guarantee_days: int
    ran_days: int


@dataclass(frozen=True)
class FollowUp:
    """When a representative calls a customer after an order."""

    arrival_from_days: int
    arrival_to_days: int
    check_in_days: int


@dataclass(frozen=True)
class Subscriptions:
    """Commission rates of subscriptions and how long a customer counts as retained."""

    first_month_rate: Decimal
    rate: Decimal
    retained_days: int


@dataclass(frozen=True)
class Onboarding:
    """After how many days a new account needs help."""

    verify_days: int
    idle_days: int


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
        referral=_referral(root.section("referral"), company.ranks),
        volume=_volume(root.section("volume")),
        inactivity=_inactivity(root.section("inactivity"), company.ranks),
        returns=_returns(root.section("returns")),
        follow_up=_follow_up(root.section("follow_up")),
        subscriptions=_subscriptions(root.section("subscriptions")),
        onboarding=_onboarding(root.section("onboarding")),
        max_quarantined_share=_quality(root.section("quality")),
    )
    root.finish()
    return policy


def _month(section: Section, key: str, default: Month | None = None) -> Month:
    text = section.text(key, default.text if default else None, FORM.pattern, "a month (YYYY-MM)")
    return Month.parse(text)


def _company(root: Section) -> Company:
    section = root.section("company")
    if section is None:
        section = Section(root.path, "company", {})
    company = Company(
        name=section.text("name", None, r"(?s).*\S.*", "the company's name"),
        currency=section.text("currency", None, PATTERNS["currency"], "three capitals"),
        timezone=section.text("timezone", None, r".+", "a time zone such as Europe/Amsterdam"),
        opening_month=_month(section, "opening_month"),
        ranks=section.texts("ranks", None, RANK, "a rank's name"),
    )
    if not is_zone(company.timezone):
        raise section.refuse("timezone", company.timezone, "a time zone such as Europe/Amsterdam")
    if not company.ranks:
        raise section.refuse("ranks", [], "the list of ranks, lowest first")
    section.finish()
    return company


def _referral(section: Section | None, ranks: tuple[str, ...]) -> Referral | None:
    if section is None:
        return None
    bv = 10**12 - 1
    referral = Referral(
        countries=section.texts("countries", None, PATTERNS["country"], "two capitals"),
        min_rank=section.one_of("min_rank", None, ranks, "one of the ranks"),
        min_order_bv=section.decimal("min_order_bv", Decimal(100), 0, bv, 2),
        min_enrolments=section.integer("min_enrolments", 2, 0, 10**6),
        min_enrolment_order_bv=section.decimal("min_enrolment_order_bv", Decimal(0), 0, bv, 2),
        reassignment_business_days=section.integer("reassignment_business_days", 3, 0, DAYS),
        contact_hours=section.integer("contact_hours", 24, 0, 24 * DAYS),
    )
    section.finish()
    return referral


def _volume(section: Section | None) -> Volume | None:
    if section is None:
        return None
    volume = Volume(section.integer("pay_levels", 5, 1, 1000))
    section.finish()
    return volume


def _inactivity(section: Section | None, ranks: tuple[str, ...]) -> Inactivity | None:
    if section is None:
        return None
    first = _month(section, "first_flag_month")
    inactivity = Inactivity(
        months=section.integer("months", 24, 1, 1200),
        first_flag_month=first,
        leader_rank=section.one_of("leader_rank", None, ranks, "one of the ranks"),
        list_levels=section.integer("list_levels", 3, 0, 1000),
        exempt=section.texts("exempt", [], PATTERNS["id"], "a member id"),
        max_removed_share=section.decimal("max_removed_share", Decimal("0.10"), 0, 1, 6),
        markets=_markets(section.section("markets"), first),
    )
    section.finish()
    return inactivity


def _markets(section: Section | None, first: Month) -> tuple[Market, ...]:
    if section is None:
        return ()
    markets = []
    for country, content in sorted(section.rest().items()):
        market = Section(section.path, f"{section.name}.{country}", content)
        if len(country) != 2 or not country.isascii() or not country.isupper():
            raise section.refuse(country, country, "a country in two capitals")
        has_grace = "grace_days" in content
        markets.append(
            Market(
                country=country,
                notice_day=market.integer("notice_day", 1, 1, 28),
                grace_days=market.integer("grace_days", 0, 0, DAYS) if has_grace else None,
                first_flag_month=_month(market, "first_flag_month", first),
            )
        )
        market.finish()
    return tuple(markets)


def _returns(section: Section | None) -> Returns | None:
    if section is None:
        return None
    returns = Returns(
        notice_business_days=section.integer("notice_business_days", 7, 0, DAYS),
        guarantee_days=section.integer("guarantee_days", 15, 0, DAYS),
        ran_days=section.integer("ran_days", 14, 0, DAYS),
    )
    section.finish()
    return returns


def _follow_up(section: Section | None) -> FollowUp | None:
    if section is None:
        return None
    follow_up = FollowUp(
        arrival_from_days=section.integer("arrival_from_days", 5, 0, DAYS),
        arrival_to_days=section.integer("arrival_to_days", 7, 0, DAYS),
        check_in_days=section.integer("check_in_days", 28, 0, DAYS),
    )
    if follow_up.arrival_to_days < follow_up.arrival_from_days:
        wanted = f"arrival_from_days ({follow_up.arrival_from_days}) or more"
        raise section.refuse("arrival_to_days", follow_up.arrival_to_days, wanted)
    section.finish()
    return follow_up


def _subscriptions(section: Section | None) -> Subscriptions | None:
    if section is None:
        return None
    subscriptions = Subscriptions(
        first_month_rate=section.decimal("first_month_rate", Decimal("0.20"), 0, 1, 4),
        rate=section.decimal("rate", Decimal("0.05"), 0, 1, 4),
        retained_days=section.integer("retained_days", 90, 0, DAYS),
    )
    section.finish()
    return subscriptions


def _onboarding(section: Section | None) -> Onboarding | None:
    if section is None:
        return None
    onboarding = Onboarding(
        verify_days=section.integer("verify_days", 7, 0, DAYS),
        idle_days=section.integer("idle_days", 7, 0, DAYS),
    )
    section.finish()
    return onboarding


def _quality(section: Section | None) -> Decimal:
    if section is None:
        return Decimal("0.05")
    share = section.decimal("max_quarantined_share", Decimal("0.05"), 0, 1, 6)
    section.finish()
    return share
