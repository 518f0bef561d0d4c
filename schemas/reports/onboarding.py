"""The reports of onboarding (contract 2, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl


class Accounts(Table):
    """One row per account registered by the month's end: how far it has come."""

    account_id: pl.String = printed("id", "The account.")
    partner_id: pl.String = printed("id", "The member who brought it in.")
    stage: pl.String = printed(
        "code",
        "How far it has come.",
        allowed=("paid_up", "invested", "funded", "verified", "registered"),
    )
    registered_on: pl.Date = printed("date", "The day it was registered.")
    verified_on: pl.Date = printed("date", "The day it was verified.", empty="not by then")
    balance: pl.Decimal = printed("decimal", "Money put on it less money spent.")
    invested: pl.Decimal = printed("decimal", "Money spent.", least=0)
    overdue: pl.Decimal = printed("decimal", "Instalments due by then and not paid.", least=0)
    next_due_on: pl.Date = printed(
        "date", "The next day an instalment is due that is not paid.", empty="there is none"
    )
    next_due_amount: pl.Decimal = printed(
        "decimal", "What is left to pay on that day.", empty="there is none"
    )
    help: pl.String = printed(
        "codes",
        "What help is needed, all that hold.",
        empty="none is",
        allowed=("not_verified", "balance_idle", "instalment_overdue"),
    )

    class Config:
        metadata = reported("onboarding/accounts", "account_id")


class Funnel(Table):
    """One row per partner: how many of the accounts brought in have come how far."""

    partner_id: pl.String = printed("id", "The member who brought them in.")
    registered: pl.Int32 = printed("int", "All its accounts.", least=0)
    verified: pl.Int32 = printed("int", "Those that are verified.", least=0)
    funded: pl.Int32 = printed("int", "Those that money was ever put on.", least=0)
    invested: pl.Int32 = printed("int", "Those that spent some.", least=0)
    paid_up: pl.Int32 = printed("int", "Those whose plans are all fully paid.", least=0)
    need_help: pl.Int32 = printed("int", "Those that need help.", least=0)

    class Config:
        metadata = reported("onboarding/funnel", "partner_id")
