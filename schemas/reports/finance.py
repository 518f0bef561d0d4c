"""The reports of finance: the BV ledger and what follows from it (contract 2, sections 4 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl

LINES = (
    "orders_posted", "credits", "house_credits", "transfers", "reversals_posted", "reversals",
    "net", "house_net", "volume_total", "difference",
)  # fmt: skip


class BvLedger(Table):
    """One row per entry of the month's BV ledger, in the order of posting."""

    posting_no: pl.Int32 = printed("int", "Its number within the month, from 1.", least=1)
    order_id: pl.String = printed("id", "The order whose BV it moves.")
    entry: pl.String = printed(
        "code",
        "Whether BV is credited, moved or taken back.",
        allowed=("credit", "transfer", "reversal"),
    )
    source_id: pl.String = printed("id", "What it arises from: the order, or the reversal.")
    member_id: pl.String = printed("id", "Whose BV it changes.", empty="the house's")
    bv: pl.Decimal = printed("decimal", "By how much.")
    event_date: pl.Date = printed("date", "The business date of what it arises from.")
    event_month: pl.String = printed("month", "That date's month.")
    reason: pl.String = printed(
        "code",
        "Why the house is credited, or what kind of reversal it is.",
        empty="of other entries",
        allowed=(
            "outside_countries", "outside_benefits", "no_leader", "refund", "fraud", "chargeback",
            "cancellation",
        ),
    )  # fmt: skip

    class Config:
        metadata = reported("finance/bv_ledger", "posting_no")


class Statements(Table):
    """One row per member with an entry in the month, and one for the house."""

    member_id: pl.String = printed("id", "The member.", empty="the house")
    credits: pl.Decimal = printed("decimal", "BV credited.")
    transfers: pl.Decimal = printed("decimal", "BV moved: to the member, less from it.")
    reversals: pl.Decimal = printed("decimal", "BV taken back, as a negative number.")
    net_bv: pl.Decimal = printed("decimal", "The sum of all its entries.")

    class Config:
        metadata = reported("finance/statements", "member_id")


class Volume(Table):
    """One row per member with personal, group or payline volume in the month."""

    member_id: pl.String = printed("id", "The member.")
    personal_bv: pl.Decimal = printed("decimal", "Its own net BV of the month.")
    group_bv: pl.Decimal = printed("decimal", "Personal, and that of the whole downline.")
    payline_bv: pl.Decimal = printed(
        "decimal", "That of the downline as many levels down as the policy pays."
    )

    class Config:
        metadata = reported("finance/volume", "member_id")


class Reconciliation(Table):
    """One row per line of the proof that the month's BV is all there."""

    line: pl.String = printed("code", "What is summed.", allowed=LINES)
    bv: pl.Decimal = printed("decimal", "Its BV; the difference must be 0.00.")

    class Config:
        metadata = reported("finance/reconciliation", "line")


class Sales(Table):
    """One row per channel and currency in which orders or reversals post in the month."""

    channel: pl.String = printed(
        "code", "The orders' channel.", allowed=("member", "sale", "retail")
    )
    currency: pl.String = printed("currency", "The orders' currency.")
    orders: pl.Int32 = printed("int", "How many orders post.", least=0)
    amount: pl.Decimal = printed("decimal", "Their amount.")
    bv: pl.Decimal = printed("decimal", "Their BV.")
    reversals: pl.Int32 = printed("int", "How many reversals of such orders post.", least=0)
    amount_reversed: pl.Decimal = printed("decimal", "The reversals' amount.")
    bv_reversed: pl.Decimal = printed("decimal", "The reversals' BV.")
    net_amount: pl.Decimal = printed("decimal", "The amount less what was reversed.")
    net_bv: pl.Decimal = printed("decimal", "The BV less what was reversed.")

    class Config:
        metadata = reported("finance/sales", "channel", "currency")


class Journal(Table):
    """One row per line of the month's balanced double-entry journal, dated its last day."""

    line_no: pl.Int32 = printed("int", "Its number within the month, from 1.", least=1)
    date: pl.Date = printed("date", "The month's last day.")
    document: pl.String = printed(
        "id", "What it belongs to: `<month>-commissions` or `<month>-refunds`."
    )
    account: pl.String = printed("text", "The account of the company's ledger system.")
    party_id: pl.String = printed("id", "The consultant owed.", empty="of other lines")
    currency: pl.String = printed("currency", "The currency of debit or credit.")
    debit: pl.Decimal = printed("decimal", "What is debited.", empty="it is a credit", above=0)
    credit: pl.Decimal = printed(
        "decimal", "What is credited.", empty="it is a debit", above=0, instead_of="debit"
    )

    class Config:
        metadata = reported("finance/journal", "line_no")


class SubscriptionCommissions(Table):
    """One row per billing that posts in the month: its consultant's commission."""

    billing_id: pl.String = printed("id", "The billing.")
    subscription_id: pl.String = printed("id", "The subscription billed.")
    consultant_id: pl.String = printed(
        "id", "The subscription's consultant on that day.", empty="it had none"
    )
    billed_on: pl.Date = printed("date", "The day it was billed.")
    amount: pl.Decimal = printed("decimal", "What was billed.", least=0)
    rate: pl.Decimal = printed("rate", "The policy's rate for that month of it.", least=0, most=1)
    commission: pl.Decimal = printed(
        "decimal", "Amount times rate, rounded half up; 0.00 without a consultant.", least=0
    )

    class Config:
        metadata = reported("finance/subscription_commissions", "billing_id")
