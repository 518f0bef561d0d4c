"""The reports of customers, parties and subscriptions (contract 2, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl


class Owners(Table):
    """One row per customer who has an owner at the month's end."""

    customer_email: pl.String = printed(
        "email", "The customer, whom the address stands for.", is_personal=True
    )
    owner_id: pl.String = printed("id", "The member whose customer that is.")
    basis: pl.String = printed("code", "What makes it so.", allowed=("subscription", "purchase"))
    since_on: pl.Date = printed("date", "The day it was tied, or of that order.")
    previous_owner_id: pl.String = printed(
        "id", "The owner that the last close worked out.", empty="it is the same, or there was none"
    )
    orders: pl.Int32 = printed("int", "Its sale orders so far that are not cancelled.", least=0)
    net_bv: pl.Decimal = printed("decimal", "What is left of their BV.")
    last_order_on: pl.Date = printed("date", "The day of the latest.", empty="there is none")

    class Config:
        metadata = reported("customers/owners", "customer_email")


class Value(Table):
    """One row per owner: how many customers, and what they have bought so far."""

    owner_id: pl.String = printed("id", "The member whose customers they are.")
    customers: pl.Int32 = printed("int", "How many customers.", least=1)
    repeat_customers: pl.Int32 = printed("int", "How many with two orders or more.", least=0)
    retained: pl.Int32 = printed(
        "int",
        "How many whose last order is at most `subscriptions.retained_days` before the end.",
        least=0,
    )
    orders: pl.Int32 = printed("int", "Their orders.", least=0)
    net_bv: pl.Decimal = printed("decimal", "What is left of the orders' BV.")

    class Config:
        metadata = reported("customers/value", "owner_id")


class Subscriptions(Table):
    """One row per subscription: who looks after it, and whether it runs."""

    subscription_id: pl.String = printed("id", "The subscription.")
    customer_email: pl.String = printed(
        "email", "The customer, whom the address stands for.", is_personal=True
    )
    consultant_id: pl.String = printed("id", "The member who looks after it.", empty="nobody does")
    tied_on: pl.Date = printed("date", "The day since when.", empty="nobody does")
    status: pl.String = printed(
        "code", "Its status at the month's end.", allowed=("not_started", "active", "stopped")
    )
    monthly_budget: pl.Decimal = printed(
        "decimal", "What the customer means to spend a month.", least=0
    )

    class Config:
        metadata = reported("customers/subscriptions", "subscription_id")


class Parties(Table):
    """One row per party with news in the month: held, or given an order."""

    party_id: pl.String = printed("id", "The party.")
    consultant_id: pl.String = printed("id", "The member who holds it.")
    held_on: pl.Date = printed("date", "The day it is held.")
    orders: pl.Int32 = printed("int", "All its orders so far, cancelled ones too.", least=0)
    customers: pl.Int32 = printed("int", "How many customers ordered.", least=0)
    net_bv: pl.Decimal = printed("decimal", "What is left of the orders' BV.")

    class Config:
        metadata = reported("customers/parties", "party_id")
