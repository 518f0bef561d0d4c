"""One class for each table of a book (contract 1, "Tables"), in the order they are loaded.

The docstring's first word is the table's kind. `Config.name` is the table, `Config.metadata` has
its kind and key. Columns stand in the contract's order.
"""

from __future__ import annotations

from typing import Any

import pandera.polars as pa

from schemas.cells import column


def described(name: str, kind: str, *key: str) -> dict[str, Any]:
    """The metadata of a table: its name, kind (snapshot, record or event) and key columns."""
    return {"table": name, "kind": kind, "key": key}


class Members(pa.DataFrameModel):
    """Snapshot of everybody in the genealogy at the month's end."""

    member_id: str = column("id", required=True)
    member_type: str = column("code", required=True, allowed=("associate", "preferred_customer"))
    name: str = column("text")
    email: str = column("email")
    phone: str = column("text")
    language: str = column("language")
    country: str = column("country", required=True)
    sponsor_id: str = column("id")
    enroller_id: str = column("id")
    business_id: str = column("id")
    enrolled_on: str = column("date", required=True)
    rank: str = column("rank", required_when=("member_type", "associate"))

    class Config:
        metadata = described("members", "snapshot", "member_id")


class Orders(pa.DataFrameModel):
    """Event: an order of a member, a customer of a seller, or a customer of the web shop."""

    order_id: str = column("id", required=True)
    ordered_at: str = column("time", required=True)
    channel: str = column("code", required=True, allowed=("member", "sale", "retail"))
    buyer_id: str = column("id", names="members", required_when=("channel", "member"))
    seller_id: str = column("id", names="members", required_when=("channel", "sale"))
    customer_email: str = column("email", required_when=("channel", "sale|retail"))
    customer_name: str = column("text")
    customer_phone: str = column("text")
    contact_opt_out: str = column("bool")
    country: str = column("country", required=True)
    amount: str = column("decimal", required=True, least=0)
    currency: str = column("currency", required=True)
    bv: str = column("decimal", required=True, least=0)
    party_id: str = column("id")

    class Config:
        metadata = described("orders", "event", "order_id")


class Returns(pa.DataFrameModel):
    """Record of a return authorisation (RAN) and how far it has come."""

    ran_id: str = column("id", required=True)
    order_id: str = column("id", required=True, names="orders")
    reason: str = column(
        "code",
        required=True,
        allowed=("damaged_in_transit", "sent_in_error", "faulty", "wrong_choice", "changed_mind"),
    )
    requested_on: str = column("date", required=True)
    delivered_on: str = column("date")
    issued_on: str = column("date")
    received_on: str = column("date")
    ran_displayed: str = column("bool")
    proof_of_purchase: str = column("bool")

    class Config:
        metadata = described("returns", "record", "ran_id")


class Parties(pa.DataFrameModel):
    """Record of a party that a consultant holds."""

    party_id: str = column("id", required=True)
    consultant_id: str = column("id", required=True, names="members")
    held_on: str = column("date", required=True)

    class Config:
        metadata = described("parties", "record", "party_id")


class Subscriptions(pa.DataFrameModel):
    """Record of a customer's subscription and whom it is tied to."""

    subscription_id: str = column("id", required=True)
    customer_email: str = column("email", required=True)
    consultant_id: str = column("id", names="members")
    started_on: str = column("date")
    stopped_on: str = column("date")
    monthly_budget: str = column("decimal", required=True, least=0)

    class Config:
        metadata = described("subscriptions", "record", "subscription_id")


class Accounts(pa.DataFrameModel):
    """Record of an investor's account that a partner brought."""

    account_id: str = column("id", required=True)
    email: str = column("email", required=True)
    partner_id: str = column("id", required=True, names="members")
    registered_on: str = column("date", required=True)
    verified_on: str = column("date")

    class Config:
        metadata = described("accounts", "record", "account_id")


class Plans(pa.DataFrameModel):
    """Record of a package that an account buys in instalments."""

    plan_id: str = column("id", required=True)
    account_id: str = column("id", required=True, names="accounts")
    package: str = column("text", required=True)
    price: str = column("decimal", required=True, above=0)
    instalments: str = column("int", required=True, least=1, most=600)
    first_due_on: str = column("date", required=True)

    class Config:
        metadata = described("plans", "record", "plan_id")


class OrderLines(pa.DataFrameModel):
    """Event: a line of an order; amount and bv of the whole line."""

    order_id: str = column("id", required=True, names="orders")
    line_no: str = column("int", required=True, least=1)
    product_code: str = column("id", required=True)
    quantity: str = column("int", required=True, least=1)
    amount: str = column("decimal", required=True, least=0)
    bv: str = column("decimal", required=True, least=0)

    class Config:
        metadata = described("order_lines", "event", "order_id", "line_no")


class Reversals(pa.DataFrameModel):
    """Event: money and BV of an order taken back; without bv it is worked out from the order."""

    reversal_id: str = column("id", required=True)
    order_id: str = column("id", required=True, names="orders")
    reversed_at: str = column("time", required=True)
    kind: str = column(
        "code", required=True, allowed=("refund", "fraud", "chargeback", "cancellation")
    )
    amount: str = column("decimal", required=True, least=0)
    bv: str = column("decimal", least=0)
    ran_id: str = column("id")

    class Config:
        metadata = described("reversals", "event", "reversal_id")


class PaidRanks(pa.DataFrameModel):
    """Event: the rank that a member was paid as in a week."""

    member_id: str = column("id", required=True, names="members")
    week_start: str = column("date", required=True, is_monday=True)
    rank: str = column("rank", required=True)

    class Config:
        metadata = described("paid_ranks", "event", "member_id", "week_start")


class Holds(pa.DataFrameModel):
    """Record of a hold on a member's standing or on its share in the referral programme."""

    hold_id: str = column("id", required=True)
    member_id: str = column("id", required=True, names="members")
    kind: str = column("code", required=True, allowed=("standing", "referral"))
    starts_on: str = column("date", required=True)
    ends_on: str = column("date", not_before="starts_on")

    class Config:
        metadata = described("holds", "record", "hold_id")


class Reassignments(pa.DataFrameModel):
    """Event: a referring associate claims a retail order."""

    order_id: str = column("id", required=True, names="orders")
    member_id: str = column("id", required=True, names="members")
    requested_at: str = column("time", required=True)

    class Config:
        metadata = described("reassignments", "event", "order_id")


class Leads(pa.DataFrameModel):
    """Event: somebody asks for information."""

    lead_id: str = column("id", required=True)
    requested_at: str = column("time", required=True)
    country: str = column("country", required=True)
    name: str = column("text")
    email: str = column("email")
    phone: str = column("text")
    contact_opt_out: str = column("bool")

    class Config:
        metadata = described("leads", "event", "lead_id")


class Delegates(pa.DataFrameModel):
    """Record of whom a leader has named to receive its leads."""

    member_id: str = column("id", required=True, names="members")
    delegate_id: str = column("id", required=True, names="members")
    starts_on: str = column("date", required=True)
    ends_on: str = column("date", not_before="starts_on")

    class Config:
        metadata = described("delegates", "record", "member_id", "starts_on")


class ReturnLines(pa.DataFrameModel):
    """Record of a product of a RAN: authorised and received."""

    ran_id: str = column("id", required=True, names="returns")
    product_code: str = column("id", required=True)
    quantity_authorised: str = column("int", required=True, least=0)
    quantity_received: str = column("int", required=True, least=0)

    class Config:
        metadata = described("return_lines", "record", "ran_id", "product_code")


class PartyLinks(pa.DataFrameModel):
    """Event: an order linked to a party afterwards."""

    order_id: str = column("id", required=True, names="orders")
    party_id: str = column("id", required=True, names="parties")
    linked_on: str = column("date", required=True)

    class Config:
        metadata = described("party_links", "event", "order_id")


class Billings(pa.DataFrameModel):
    """Event: a month of a subscription billed."""

    billing_id: str = column("id", required=True)
    subscription_id: str = column("id", required=True, names="subscriptions")
    billed_on: str = column("date", required=True)
    amount: str = column("decimal", required=True, least=0)

    class Config:
        metadata = described("billings", "event", "billing_id")


class Payments(pa.DataFrameModel):
    """Event: money put on an account, or spent on a plan's instalments."""

    payment_id: str = column("id", required=True)
    account_id: str = column("id", required=True, names="accounts")
    paid_on: str = column("date", required=True)
    kind: str = column("code", required=True, allowed=("top_up", "purchase"))
    plan_id: str = column("id", names="plans", required_when=("kind", "purchase"))
    amount: str = column("decimal", required=True, above=0)

    class Config:
        metadata = described("payments", "event", "payment_id")


TABLES: tuple[type[pa.DataFrameModel], ...] = (
    Members, Orders, Returns, Parties, Subscriptions, Accounts, Plans, OrderLines, Reversals,
    PaidRanks, Holds, Reassignments, Leads, Delegates, ReturnLines, PartyLinks, Billings, Payments,
)  # fmt: skip
