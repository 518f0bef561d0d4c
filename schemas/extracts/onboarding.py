"""The extracts about investors: accounts, plans in instalments, payments."""

from __future__ import annotations

from schemas.cells import column
from schemas.extracts.kinds import described
from schemas.table import Table


class Accounts(Table):
    """Record of an investor's account that a partner brought."""

    account_id: str = column("id", "The account.", required=True)
    email: str = column("email", "The investor's address.", required=True, is_personal=True)
    partner_id: str = column("id", "The member who brought it in.", required=True, names="members")
    registered_on: str = column("date", "The day it was registered.", required=True)
    verified_on: str = column("date", "The day it was verified; empty: it is not.")

    class Config:
        metadata = described("accounts", "record", "account_id")


class Plans(Table):
    """Record of a package that an account buys in instalments."""

    plan_id: str = column("id", "The plan.", required=True)
    account_id: str = column("id", "The account that buys.", required=True, names="accounts")
    package: str = column("text", "What is bought.", required=True)
    price: str = column("decimal", "What all of it costs.", required=True, above=0)
    instalments: str = column(
        "int", "In how many monthly parts it is paid.", required=True, least=1, most=600
    )
    first_due_on: str = column("date", "The day the first part is due.", required=True)

    class Config:
        metadata = described("plans", "record", "plan_id")


class Payments(Table):
    """Event: money put on an account, or spent on a plan's instalments."""

    payment_id: str = column("id", "The payment.", required=True)
    account_id: str = column("id", "The account.", required=True, names="accounts")
    paid_on: str = column("date", "The day it was paid.", required=True)
    kind: str = column(
        "code",
        "Whether money came onto the account, or was spent.",
        required=True,
        allowed=("top_up", "purchase"),
    )
    plan_id: str = column(
        "id", "The plan it was spent on.", names="plans", required_when=("kind", "purchase")
    )
    amount: str = column("decimal", "How much.", required=True, above=0)

    class Config:
        metadata = described("payments", "event", "payment_id")
