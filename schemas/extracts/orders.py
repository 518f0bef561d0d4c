"""The extracts about orders: the orders, what was taken back or claimed of them, and leads."""

from __future__ import annotations

from schemas.cells import column
from schemas.extracts.kinds import described
from schemas.table import Table


class Orders(Table):
    """Event: an order of a member, a customer of a seller, or a customer of the web shop."""

    order_id: str = column("id", "The order.", required=True)
    ordered_at: str = column("time", "When it was placed.", required=True)
    channel: str = column(
        "code",
        "Who buys: a member, a seller's customer, or a customer of the web shop.",
        required=True,
        allowed=("member", "sale", "retail"),
    )
    buyer_id: str = column(
        "id", "The member who buys.", names="members", required_when=("channel", "member")
    )
    seller_id: str = column(
        "id", "The member who sells.", names="members", required_when=("channel", "sale")
    )
    customer_email: str = column(
        "email",
        "The customer, whom the address stands for.",
        required_when=("channel", "sale|retail"),
        is_personal=True,
    )
    customer_name: str = column("text", "The customer's name.", is_personal=True)
    customer_phone: str = column("text", "The customer's phone number.", is_personal=True)
    contact_opt_out: str = column(
        "bool", "Whether a retail customer wants no contact; empty is false."
    )
    country: str = column("country", "The country it was ordered in.", required=True)
    amount: str = column("decimal", "What it cost.", required=True, least=0)
    currency: str = column("currency", "The currency of the amount.", required=True)
    bv: str = column("decimal", "Its business volume.", required=True, least=0)
    party_id: str = column("id", "The party it was ordered at.")

    class Config:
        metadata = described("orders", "event", "order_id")


class OrderLines(Table):
    """Event: a line of an order; amount and bv of the whole line."""

    order_id: str = column("id", "The order it belongs to.", required=True, names="orders")
    line_no: str = column("int", "Its number within the order.", required=True, least=1)
    product_code: str = column("id", "The product.", required=True)
    quantity: str = column("int", "How many were ordered.", required=True, least=1)
    amount: str = column("decimal", "What the whole line cost.", required=True, least=0)
    bv: str = column("decimal", "The whole line's business volume.", required=True, least=0)

    class Config:
        metadata = described("order_lines", "event", "order_id", "line_no")


class Reversals(Table):
    """Event: money and BV of an order taken back."""

    reversal_id: str = column("id", "The reversal.", required=True)
    order_id: str = column("id", "The order it takes back from.", required=True, names="orders")
    reversed_at: str = column("time", "When it was taken back.", required=True)
    kind: str = column(
        "code",
        "Why it was taken back.",
        required=True,
        allowed=("refund", "fraud", "chargeback", "cancellation"),
    )
    amount: str = column("decimal", "The money taken back.", required=True, least=0)
    bv: str = column(
        "decimal",
        "The business volume taken back; empty: worked out from the order's by the amount.",
        least=0,
    )
    ran_id: str = column("id", "The return authorisation that it settles.")

    class Config:
        metadata = described("reversals", "event", "reversal_id")


class Reassignments(Table):
    """Event: a referring associate claims a retail order."""

    order_id: str = column("id", "The order claimed.", required=True, names="orders")
    member_id: str = column("id", "The associate who referred.", required=True, names="members")
    requested_at: str = column("time", "When it was claimed.", required=True)

    class Config:
        metadata = described("reassignments", "event", "order_id")


class Leads(Table):
    """Event: somebody asks for information."""

    lead_id: str = column("id", "The lead.", required=True)
    requested_at: str = column("time", "When they asked.", required=True)
    country: str = column("country", "Where they ask from.", required=True)
    name: str = column("text", "Their name.", is_personal=True)
    email: str = column("email", "Their address.", is_personal=True)
    phone: str = column("text", "Their phone number.", is_personal=True)
    contact_opt_out: str = column("bool", "Whether they want no contact; empty is false.")

    class Config:
        metadata = described("leads", "event", "lead_id")
