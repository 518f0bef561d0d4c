"""The programmes' sections of a policy, each as a typed, validated value (contract 2.0).

Belongs here: for each section what its figures are and how they are read. A section that is left
out is None: its programme does not run. What is no programme's is in `policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipelines.book.toml_reading import Section
from pipelines.months import FORM, Month
from schemas.forms import PATTERNS

NAME = r"(?!.*[\x00-\x1f\x7f])\S(.{0,62}\S)?"
DAYS = 3660


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
    max_flagged_share: Decimal
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
class Journal:
    """The accounts of the company's ledger system that a month is journalised to."""

    commission_expense: str
    commission_payable: str
    refund_expense: str
    refund_payable: str


def read_month(section: Section, key: str, default: Month | None = None) -> Month:
    """A month at a key; Stop when it is none."""
    text = section.text(key, default.text if default else None, FORM.pattern, "a month (YYYY-MM)")
    return Month.parse(text)


def read_referral(section: Section | None, ranks: tuple[str, ...]) -> Referral | None:
    """The section `referral`; None where it is left out; Stop names a key's fault."""
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


def read_volume(section: Section | None) -> Volume | None:
    """The section `volume`; None where it is left out; Stop names a key's fault."""
    if section is None:
        return None
    volume = Volume(section.integer("pay_levels", 5, 1, 1000))
    section.finish()
    return volume


def read_inactivity(section: Section | None, ranks: tuple[str, ...]) -> Inactivity | None:
    """The section `inactivity` with its markets; None where it is left out; Stop as others."""
    if section is None:
        return None
    first = read_month(section, "first_flag_month")
    inactivity = Inactivity(
        months=section.integer("months", 24, 1, 1200),
        first_flag_month=first,
        leader_rank=section.one_of("leader_rank", None, ranks, "one of the ranks"),
        list_levels=section.integer("list_levels", 3, 0, 1000),
        exempt=section.texts("exempt", [], PATTERNS["id"], "a member id"),
        max_removed_share=section.decimal("max_removed_share", Decimal("0.10"), 0, 1, 6),
        max_flagged_share=section.decimal("max_flagged_share", Decimal("0.25"), 0, 1, 6),
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
                first_flag_month=read_month(market, "first_flag_month", first),
            )
        )
        market.finish()
    return tuple(markets)


def read_returns(section: Section | None) -> Returns | None:
    """The section `returns`; None where it is left out; Stop names a key's fault."""
    if section is None:
        return None
    returns = Returns(
        notice_business_days=section.integer("notice_business_days", 7, 0, DAYS),
        guarantee_days=section.integer("guarantee_days", 15, 0, DAYS),
        ran_days=section.integer("ran_days", 14, 0, DAYS),
    )
    section.finish()
    return returns


def read_follow_up(section: Section | None) -> FollowUp | None:
    """The section `follow_up`; None where it is left out; Stop names a key's fault."""
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


def read_subscriptions(section: Section | None) -> Subscriptions | None:
    """The section `subscriptions`; None where it is left out; Stop names a key's fault."""
    if section is None:
        return None
    subscriptions = Subscriptions(
        first_month_rate=section.decimal("first_month_rate", Decimal("0.20"), 0, 1, 4),
        rate=section.decimal("rate", Decimal("0.05"), 0, 1, 4),
        retained_days=section.integer("retained_days", 90, 0, DAYS),
    )
    section.finish()
    return subscriptions


def read_onboarding(section: Section | None) -> Onboarding | None:
    """The section `onboarding`; None where it is left out; Stop names a key's fault."""
    if section is None:
        return None
    onboarding = Onboarding(
        verify_days=section.integer("verify_days", 7, 0, DAYS),
        idle_days=section.integer("idle_days", 7, 0, DAYS),
    )
    section.finish()
    return onboarding


def read_journal(section: Section | None) -> Journal | None:
    """The section `journal`: four accounts, all of them needed; Stop names a key's fault."""
    if section is None:
        return None
    account = "an account of the ledger system, as a text"
    journal = Journal(
        commission_expense=section.text("commission_expense", None, NAME, account),
        commission_payable=section.text("commission_payable", None, NAME, account),
        refund_expense=section.text("refund_expense", None, NAME, account),
        refund_payable=section.text("refund_payable", None, NAME, account),
    )
    section.finish()
    return journal
