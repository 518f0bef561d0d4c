"""Return authorisations (RANs): those behind the shop's refunds, and some that were never paid.

The sources hold the refunds alone. The days of a RAN are drawn from its number, before the day
of its refund; what becomes of it is for the close to say.
"""

from typing import Final

import polars as pl
from draws import choose, draw, is_drawn
from records import as_drops_saw

WITH_GOODS: Final = ("wrong_choice", "changed_mind", "changed_mind")
WITHOUT_REFUND: Final = (
    "damaged_in_transit", "damaged_in_transit", "sent_in_error", "faulty", "wrong_choice",
    "changed_mind",
)  # fmt: skip
SHORTEST_DAYS: Final = 6
LONGEST_DAYS: Final = 45
LATER_FACTS: Final = {
    "delivered_on": ["delivered_on"],
    "issued_on": ["issued_on"],
    "received_on": ["received_on", "ran_displayed", "proof_of_purchase"],
}


def days_after(day: str, days: pl.Expr) -> pl.Expr:
    """A day so many days later."""
    return pl.col(day) + pl.duration(days=days)


def with_rans(reversals: pl.DataFrame) -> pl.DataFrame:
    """The refunds that have a RAN: most of those 6 to 45 days after their order, few later."""
    gap = (pl.col("refunded_on") - pl.col("ordered_on")).dt.total_days()
    return (
        reversals.filter(pl.col("kind") == "refund", pl.col("sold_at").is_not_null())
        .with_columns(
            number=pl.col("invoice").str.slice(1).cast(pl.Int64),
            ordered_on=pl.col("sold_at").dt.date(),
            refunded_on=pl.col("instant").dt.date(),
        )
        .with_columns(gap=gap)
        .filter(
            pl.when(pl.col("gap") > LONGEST_DAYS)
            .then(is_drawn(pl.col("number"), 51, 12))
            .otherwise((pl.col("gap") >= SHORTEST_DAYS) & (draw(pl.col("number"), 52, 10) < 8))
        )
    )


def refunded_rans(reversals: pl.DataFrame) -> pl.DataFrame:
    """One row per RAN behind a refund, its days counted back from the refund.

    Received 1 or 2 days before, issued 2 to 12 before that (one in fifteen 18 before), asked for
    up to 2 before that, delivered up to 12 before that; one in fifteen was delivered right after
    the order, so that a late request is outside the guarantee. Nothing comes before the order.
    """
    number = pl.col("number")
    journey = pl.when(is_drawn(number, 53, 15)).then(18).otherwise(2 + draw(number, 54, 11))
    soonest = pl.col("ordered_on") + pl.duration(days=1)
    asked = days_after("issued_on", -draw(number, 59, 3))
    came = days_after("requested_on", -draw(number, 61, 13))
    came_soonest = is_drawn(number, 60, 15)
    return (
        with_rans(reversals)
        .with_columns(
            ran_id=pl.concat_str(pl.lit("R"), "number", pl.lit("-"), "order_id"),
            reason=choose(number, 55, WITH_GOODS),
            journey=pl.min_horizontal(journey, pl.col("gap") - 5),
            ran_displayed=~is_drawn(number, 56, 30),
            proof_of_purchase=~is_drawn(number, 57, 40),
        )
        .with_columns(received_on=days_after("refunded_on", -1 - draw(number, 58, 2)))
        .with_columns(issued_on=days_after("received_on", -pl.col("journey")))
        .with_columns(requested_on=pl.max_horizontal(soonest, asked))
        .with_columns(
            delivered_on=pl.when(came_soonest)
            .then(soonest)
            .otherwise(pl.max_horizontal(soonest, came))
        )
    )


def unpaid_rans(sold: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per order in fifty of whose first line something came back, or was to.

    Delivered after 2 to 4 days and asked for 1 to 14 days later. Issued 1 or 2 days after that
    for all but one in eight, received 3 to 20 days later for three in four of those.
    """
    number = pl.col("order_id").cast(pl.Int64)
    first = sold.filter(pl.col("line_no") == 1).select(
        pl.col("invoice").alias("order_id"), "product_code", "quantity"
    )
    return (
        orders.filter(is_drawn(number, 62, 50))
        .join(first, on="order_id")
        .with_columns(
            ran_id=pl.lit("R") + pl.col("order_id"),
            reason=choose(number, 63, WITHOUT_REFUND),
            delivered_on=pl.col("instant").dt.date() + pl.duration(days=2 + draw(number, 64, 3)),
            ran_displayed=~is_drawn(number, 65, 4),
            proof_of_purchase=~is_drawn(number, 66, 6),
            quantity_authorised=pl.min_horizontal("quantity", 1 + draw(number, 67, 3)),
        )
        .with_columns(requested_on=days_after("delivered_on", 1 + draw(number, 68, 14)))
        .with_columns(
            issued_on=pl.when(~is_drawn(number, 69, 8)).then(
                days_after("requested_on", 1 + draw(number, 70, 2))
            )
        )
        .with_columns(
            received_on=pl.when(draw(number, 71, 4) < 3).then(
                days_after("issued_on", 3 + draw(number, 72, 18))
            )
        )
        .sort("ran_id")
    )


def goods_of(refunded: pl.DataFrame, unpaid: pl.DataFrame, matched: pl.DataFrame) -> pl.DataFrame:
    """One row per RAN and product: all that was authorised came, where anything came."""
    quantities = matched.group_by("invoice", "order_id", "product_code").agg(
        pl.col("quantity").sum().alias("quantity_authorised")
    )
    columns = ["ran_id", "product_code", "requested_on", "received_on", "quantity_authorised"]
    both = [
        refunded.join(quantities, on=["invoice", "order_id"]).select(columns),
        unpaid.select(columns),
    ]
    return (
        pl.concat(both)
        .with_columns(quantity_received=pl.col("quantity_authorised"))
        .pipe(as_drops_saw, "requested_on", {"received_on": ["quantity_received"]})
        .with_columns(pl.col("quantity_received").fill_null(0))
        .drop("requested_on", "received_on")
        .sort("drop", "ran_id", "product_code")
    )


def returns_of(refunded: pl.DataFrame, unpaid: pl.DataFrame) -> pl.DataFrame:
    """One row per RAN and drop that learnt something of it."""
    columns = [
        "ran_id", "order_id", "reason", "requested_on", "delivered_on", "issued_on",
        "received_on", "ran_displayed", "proof_of_purchase",
    ]  # fmt: skip
    return (
        pl.concat([refunded.select(columns), unpaid.select(columns)])
        .pipe(as_drops_saw, "requested_on", LATER_FACTS)
        .sort("drop", "ran_id")
    )
