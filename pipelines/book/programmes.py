"""The programmes: the only list of them, from which pages, titles and sections are derived.

A programme is a folder under `sql/`, a folder of reports and a page. The policy's sections switch
its rules on (contract 2, section 0); one without a section of its own always runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.book.policy import Policy


@dataclass(frozen=True)
class Programme:
    """One programme: its name in the house, its title, and what switches its rules on.

    `section` is the policy's section that all of its rules need unless their header names another
    one; `sections` says for each section that matters to it what is missing without that section.
    """

    name: str
    title: str
    section: str | None
    sections: Mapping[str, str]

    def runs(self, policy: Policy) -> bool:
        """Whether it has anything to report under a policy."""
        return self.section is None or any(has_section(policy, name) for name in self.sections)


# In the order of the month's pages.
PROGRAMMES: dict[str, Programme] = {
    each.name: each
    for each in (
        Programme("finance", "Finance", None, {
            "volume": "Volume: finance/volume.csv is not written",
            "journal": "Journal: finance/journal.csv is not written",
        }),
        Programme("referral", "Referral", "referral", {
            "referral":
                "Referral: no seat qualifies, and every retail order is outside the countries",
        }),
        Programme("inactivity", "Inactive records", "inactivity", {
            "inactivity": "Inactive records: nobody is flagged or removed",
        }),
        Programme("returns", "Returns", "returns", {
            "returns": "Returns: no decisions, lines or unmatched refunds",
            "follow_up": "Follow-up: no calls are listed",
        }),
        Programme("customers", "Customers", "subscriptions", {
            "subscriptions": "Customers and subscription commissions",
        }),
        Programme("onboarding", "Onboarding", "onboarding", {"onboarding": "Onboarding"}),
        Programme("quality", "Data quality", None, {}),
    )
}  # fmt: skip
SECTIONS: dict[str, str] = {
    section: without
    for programme in PROGRAMMES.values()
    for section, without in programme.sections.items()
}


def has_section(policy: Policy, section: str) -> bool:
    """Whether the policy has a programme's section."""
    return getattr(policy, section) is not None


def running_sections(policy: Policy) -> tuple[str, ...]:
    """The programmes' sections that the policy has."""
    return tuple(section for section in SECTIONS if has_section(policy, section))


def running_programmes(policy: Policy) -> list[str]:
    """The programmes that have something to report under the policy, in the pages' order."""
    return [programme.name for programme in PROGRAMMES.values() if programme.runs(policy)]


def section_of(programme: str) -> str | None:
    """The section that a programme's rules need; None for one that always runs, or is none."""
    return PROGRAMMES[programme].section if programme in PROGRAMMES else None
