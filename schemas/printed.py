"""Every report of a month (contract 3), in the contract's order."""

from __future__ import annotations

from schemas.reports import (
    customers,
    finance,
    inactivity,
    leaders,
    onboarding,
    quality,
    referral,
    returns,
)
from schemas.table import Table

REPORTS: tuple[type[Table], ...] = (
    referral.Qualification, referral.Assignments, referral.Leads, referral.Reassignments,
    finance.BvLedger, finance.Statements, finance.Volume, finance.Reconciliation, finance.Sales,
    finance.Journal, finance.SubscriptionCommissions,
    inactivity.Flagged, inactivity.Removed, inactivity.StillPresent, inactivity.Compression,
    inactivity.Effect, inactivity.Lists, inactivity.Notices,
    returns.Decisions, returns.Lines, returns.Unmatched, returns.FollowUps,
    customers.Owners, customers.Value, customers.Subscriptions, customers.Parties,
    onboarding.Accounts, onboarding.Funnel,
    quality.Quarantine,
    leaders.Inactivity, leaders.Referrals, leaders.Leads, leaders.Commissions, leaders.FollowUps,
    leaders.Customers, leaders.Onboarding,
)  # fmt: skip
