"""Every report's reasons, in one list: what tells why its rows are as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons import inactivity, money, returns
from pipelines.proof.reasons.qualification import tell_qualification
from pipelines.proof.reasons.reassignments import tell_reassignments
from pipelines.proof.reasons.rotation import tell_deals
from pipelines.proof.story import Decision

Tell = Callable[[Looked, Sequence[Decision], bool], list[list[str]]]
REASONS: dict[str, Tell] = {
    "referral/assignments": tell_deals,
    "referral/leads": tell_deals,
    "referral/qualification": tell_qualification,
    "referral/reassignments": tell_reassignments,
    "finance/statements": money.tell_statements,
    "finance/volume": money.tell_volume,
    "inactivity/flagged": inactivity.tell_flagged,
    "inactivity/removed": inactivity.tell_removed,
    "inactivity/still_present": inactivity.tell_still_present,
    "inactivity/compression": inactivity.tell_compression,
    "inactivity/effect": inactivity.tell_effect,
    "inactivity/lists": inactivity.tell_lists,
    "inactivity/notices": inactivity.tell_notices,
    "returns/decisions": returns.tell_decisions,
    "returns/lines": returns.tell_lines,
    "returns/unmatched": returns.tell_unmatched,
    "returns/follow_ups": returns.tell_follow_ups,
    "customers/value": money.tell_value,
    "onboarding/funnel": money.tell_funnel,
}


def add_reasons(looked: Looked, decisions: Sequence[Decision], is_whole: bool) -> list[Decision]:
    """The decisions in their order, each with its reasons.

    With `is_whole` a deal's reasons tell the whole queue; for the many deals of a seat or member
    they tell the turn alone.
    """
    by_report: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_report[decision.report].append(decision)
    told = {
        report: iter(REASONS[report](looked, rows, is_whole)) for report, rows in by_report.items()
    }
    return [replace(decision, because=tuple(next(told[decision.report]))) for decision in decisions]
