"""The extracts about sellers' customers: parties, subscriptions and their billings."""

from __future__ import annotations

from schemas.cells import column
from schemas.extracts.kinds import described
from schemas.table import Table


class Parties(Table):
    """Record of a party that a consultant holds."""

    party_id: str = column("id", "The party.", required=True)
    consultant_id: str = column("id", "The member who holds it.", required=True, names="members")
    held_on: str = column("date", "The day it is held.", required=True)

    class Config:
        metadata = described("parties", "record", "party_id")


class PartyLinks(Table):
    """Event: an order linked to a party afterwards."""

    order_id: str = column("id", "The order, which has no party.", required=True, names="orders")
    party_id: str = column("id", "The party it belongs to.", required=True, names="parties")
    linked_on: str = column("date", "The day it was linked.", required=True)

    class Config:
        metadata = described("party_links", "event", "order_id")


class Subscriptions(Table):
    """Record of a customer's subscription and whom it is tied to."""

    subscription_id: str = column("id", "The subscription.", required=True)
    customer_email: str = column(
        "email", "The customer, whom the address stands for.", required=True, is_personal=True
    )
    consultant_id: str = column("id", "The member it is tied to from its start.", names="members")
    started_on: str = column("date", "The day it starts; empty: not started.")
    stopped_on: str = column("date", "The first day it no longer runs; empty: it runs on.")
    monthly_budget: str = column(
        "decimal", "What the customer means to spend a month.", required=True, least=0
    )

    class Config:
        metadata = described("subscriptions", "record", "subscription_id")


class Billings(Table):
    """Event: a month of a subscription billed."""

    billing_id: str = column("id", "The billing.", required=True)
    subscription_id: str = column(
        "id", "The subscription billed.", required=True, names="subscriptions"
    )
    billed_on: str = column("date", "The day it was billed.", required=True)
    amount: str = column(
        "decimal", "What was billed, in the company's currency.", required=True, least=0
    )

    class Config:
        metadata = described("billings", "event", "billing_id")
