"""The reports of returns and of follow-up (contract 2, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl


class Decisions(Table):
    """One row per return authorisation (RAN) of which there is news, or something open."""

    ran_id: pl.String = printed("id", "The return authorisation.")
    order_id: pl.String = printed("id", "The order that goods come back of.")
    reason: pl.String = printed(
        "code",
        "Why they come back.",
        allowed=("damaged_in_transit", "sent_in_error", "faulty", "wrong_choice", "changed_mind"),
    )
    requested_on: pl.Date = printed("date", "The day the customer asked for it.")
    status: pl.String = printed(
        "code",
        "Its status at the month's end.",
        allowed=("refused", "accepted", "requested", "void", "awaiting_goods"),
    )
    status_reason: pl.String = printed(
        "code",
        "Why it is refused or void.",
        empty="it is neither",
        allowed=(
            "late_notice", "outside_guarantee", "not_received_in_time", "ran_not_displayed",
            "no_proof_of_purchase",
        ),
        when=("status", "refused|void"),
    )  # fmt: skip
    remedy: pl.String = printed(
        "code",
        "What the customer gets.",
        empty="it is not accepted",
        allowed=("replacement", "refund"),
        when=("status", "accepted"),
    )
    refund_due: pl.Decimal = printed("decimal", "The money due back for it.", least=0)
    currency: pl.String = printed("currency", "The order's currency.")
    bv_due: pl.Decimal = printed("decimal", "The BV due back for it.", least=0)
    refund_made: pl.Decimal = printed(
        "decimal", "The reversals that name it, up to the month's end.", least=0
    )
    difference: pl.Decimal = printed("decimal", "What is due less what was made.")
    listed_for: pl.String = printed(
        "code",
        "Why it is listed: another status than before, still open, or not settled.",
        allowed=("changed", "open", "unsettled"),
    )

    class Config:
        metadata = reported("returns/decisions", "ran_id")


class Lines(Table):
    """One row per product of a RAN in the month's decisions."""

    ran_id: pl.String = printed("id", "The return authorisation.")
    product_code: pl.String = printed("id", "The product.")
    authorised: pl.Int32 = printed("int", "How many may come back.", least=0)
    received: pl.Int32 = printed("int", "How many came back.", least=0)
    accepted: pl.Int32 = printed("int", "How many are accepted.", least=0)
    returned_to_sender: pl.Int32 = printed("int", "How many go back to the sender.", least=0)

    class Config:
        metadata = reported("returns/lines", "ran_id", "product_code")


class Unmatched(Table):
    """One row per refund of the month that names no known RAN of its order."""

    reversal_id: pl.String = printed("id", "The reversal.")
    order_id: pl.String = printed("id", "The order it takes back from.")
    ran_id: pl.String = printed("id", "The RAN it names.", empty="it names none")
    reversed_at: pl.Datetime = printed("time", "When it was taken back.")
    amount: pl.Decimal = printed("decimal", "The money taken back.", least=0)
    bv: pl.Decimal = printed("decimal", "The BV taken back.", least=0)

    class Config:
        metadata = reported("returns/unmatched", "reversal_id")


class FollowUps(Table):
    """One row per call that a representative owes a customer."""

    representative_id: pl.String = printed("id", "The member who is to call.")
    order_id: pl.String = printed("id", "The order it is about.")
    customer_email: pl.String = printed("email", "The customer to call.", is_personal=True)
    task: pl.String = printed(
        "code",
        "Make contact, ask whether it arrived, or check in.",
        allowed=("contact", "arrival", "check_in"),
    )
    due_from: pl.Date = printed("date", "The first day for it.")
    due_to: pl.Date = printed("date", "The last day for it.", not_before="due_from")

    class Config:
        metadata = reported("returns/follow_ups", "order_id", "task")
