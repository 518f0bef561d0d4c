"""The close checklist: the findings of the programmes that run, in the order to look at them.

Belongs here: which checks there are, and their order. What each finds is in `findings`.
"""

from __future__ import annotations

from pipelines.reports.pages import findings
from pipelines.reports.pages.findings import Check
from pipelines.reports.pages.month_view import MonthView

ORDER = ("failed", "new", "standing", "passed")
# The checks of each page; those of returns need the programme, not only the page.
CHECKS = {
    "finance": (findings.tell_balance, findings.tell_house),
    "quality": (findings.tell_quarantine, findings.tell_drop, findings.tell_languages),
    "referral": (findings.tell_qualified,),
    "inactivity": (findings.tell_purge, findings.tell_still_present, findings.tell_notices),
    "returns": (findings.tell_refunds, findings.tell_unmatched),
    "customers": (findings.tell_owners,),
    "onboarding": (findings.tell_instalments,),
}  # fmt: skip


def checklist(view: MonthView, pages: list[str]) -> list[Check]:
    """The checks of the programmes that run: new before standing, the most at stake first."""
    running = [page for page in CHECKS if page in pages]
    if view.policy.returns is None:
        running = [page for page in running if page != "returns"]
    made = [check(view) for page in running for check in CHECKS[page]]
    return sorted(made, key=lambda check: (ORDER.index(check.state), -check.at_stake))
