"""The CSV files of leaders' packs: a leader's own rows of the month, and how to reach people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports import customers, onboarding, returns
from schemas.reports.inactivity import MEMBER_TYPES, RELATIONS
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl

OPTED_OUT = "unknown, or wanting no contact"


class Inactivity(Table):
    """One row per flagged member that the leader should reach before the deadline."""

    member_id: pl.String = printed("id", "The flagged member.")
    name: pl.String = printed("text", "The member's name.", empty="unknown", is_personal=True)
    member_type: pl.String = printed("code", "What kind of member.", allowed=MEMBER_TYPES)
    relation: pl.String = printed(
        "code", "Whether the leader enrolled it, or stands above it.", allowed=RELATIONS
    )
    level: pl.Int32 = printed(
        "int",
        "How many levels the member stands below the leader.",
        empty="it is not below, or further down than lists go",
        least=1,
    )
    last_activity_on: pl.Date = printed("date", "The day of its last activity.")
    deadline: pl.Date = printed("date", "The last day on which it can still act.")
    email: pl.String = printed("email", "The member's address.", empty="unknown", is_personal=True)
    phone: pl.String = printed(
        "text", "The member's phone number.", empty="unknown", is_personal=True
    )

    class Config:
        metadata = reported("leaders/inactivity", "member_id", each="leader_id")


class Referrals(Table):
    """One row per retail order that came to the leader in the month and is held at its end."""

    order_id: pl.String = printed("id", "The retail order.")
    ordered_at: pl.Datetime = printed("time", "When it was placed.")
    customer_name: pl.String = printed(
        "text", "The customer's name.", empty=OPTED_OUT, is_personal=True
    )
    customer_email: pl.String = printed(
        "email", "The customer's address.", empty="wanting no contact", is_personal=True
    )
    customer_phone: pl.String = printed(
        "text", "The customer's phone number.", empty=OPTED_OUT, is_personal=True
    )
    bv: pl.Decimal = printed("decimal", "The order's own BV.", least=0)
    contact_by: pl.Datetime = printed("time", "Until when the customer is to be contacted.")

    class Config:
        metadata = reported("leaders/referrals", "order_id", each="leader_id")


class Leads(Table):
    """One row per lead that the month's rotation gave to the leader, or to who named the leader."""

    lead_id: pl.String = printed("id", "The lead.")
    requested_at: pl.Datetime = printed("time", "When information was asked for.")
    name: pl.String = printed("text", "Who asked.", empty=OPTED_OUT, is_personal=True)
    email: pl.String = printed("email", "Their address.", empty=OPTED_OUT, is_personal=True)
    phone: pl.String = printed("text", "Their phone number.", empty=OPTED_OUT, is_personal=True)
    contact_by: pl.Datetime = printed("time", "Until when they are to be contacted.")

    class Config:
        metadata = reported("leaders/leads", "lead_id", each="leader_id")


class Commissions(Table):
    """One row per billing of the month that pays the leader a commission."""

    billing_id: pl.String = printed("id", "The billing.")
    subscription_id: pl.String = printed("id", "The subscription billed.")
    customer_email: pl.String = printed("email", "Whose it is.", is_personal=True)
    billed_on: pl.Date = printed("date", "The day it was billed.")
    amount: pl.Decimal = printed("decimal", "What was billed.", least=0)
    rate: pl.Decimal = printed("rate", "The policy's rate for that month of it.", least=0, most=1)
    commission: pl.Decimal = printed("decimal", "Amount times rate, rounded half up.", least=0)

    class Config:
        metadata = reported("leaders/commissions", "billing_id", each="leader_id")


class FollowUps(returns.FollowUps):
    """One row per call that the leader owes a customer."""

    class Config:
        metadata = reported("leaders/follow_ups", "order_id", "task", each="leader_id")


class Customers(customers.Owners):
    """One row per customer whose owner the leader is at the month's end."""

    class Config:
        metadata = reported("leaders/customers", "customer_email", each="leader_id")


class Onboarding(onboarding.Accounts):
    """One row per account that the leader brought in: how far it has come."""

    class Config:
        metadata = reported("leaders/onboarding", "account_id", each="leader_id")
