"""What a member's figures are made of: statement, volume, customers, accounts (contract 2.4 on)."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.story import Decision, Row
from pipelines.reports.look.formats import plural
from pipelines.rules.parameters import DEFAULT_PAY_LEVELS


def tell_statements(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """A statement as the sum of the ledger's entries."""
    return [
        [
            f"credits {row['credits']}, transfers {row['transfers']} and reversals "
            f"{row['reversals']} make {row['net_bv']} BV net"
        ]
        for row in (decision.row for decision in rows)
    ]


def tell_volume(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Whose volume is counted in each figure."""
    return [_tell_volume(looked, decision) for decision in rows]


def _tell_volume(looked: Looked, decision: Decision) -> list[str]:
    row, volume = decision.row, looked.policy(decision.month).volume
    levels = volume.pay_levels if volume else DEFAULT_PAY_LEVELS
    return [
        f"personal {row['personal_bv']} is its own net BV of {decision.month}",
        f"group {row['group_bv']} is that and all of its downline's",
        f"payline {row['payline_bv']} is that of its downline's levels 1 to {levels}",
    ]


def tell_value(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """What is counted of the customers that a member owns."""
    told = []
    for decision in rows:
        row, figures = decision.row, looked.policy(decision.month).subscriptions
        days = figures.retained_days if figures else 0
        told.append([
            f"it owns {plural(int(row['customers']), 'customer')} on {Month(decision.month).end}, "
            f"by subscription or by their last purchase",
            f"{row['repeat_customers']} with 2 orders or more; {row['retained']} with an order in "
            f"the last {days} days",
            f"their sale orders that are not cancelled: {row['orders']}, {row['net_bv']} BV",
        ])  # fmt: skip
    return told


def tell_funnel(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """How far the accounts that a partner brought have come."""
    return [_tell_funnel(looked, decision.row, decision.month) for decision in rows]


def _tell_funnel(looked: Looked, row: Row, month: str) -> list[str]:
    figures = looked.policy(month).onboarding
    told = [
        f"of {plural(int(row['registered']), 'account')} registered by {Month(month).end} "
        f"{row['verified']} verified, {row['funded']} with a top-up, {row['invested']} with a "
        f"purchase, {row['paid_up']} paid up"
    ]
    if figures is None:
        return told
    return [
        *told,
        f"{row['need_help']} in need of help: not verified after {figures.verify_days} days, money "
        f"idle for {figures.idle_days}, or an instalment overdue",
    ]
