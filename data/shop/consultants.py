"""The consultants who sell: who serves which customer, and the parties they hold."""

from datetime import datetime
from typing import Final

import polars as pl
from draws import draw, is_drawn
from periods import LAST_DAY, OPENING_DAY, month_of
from tree import member_id

SELLER_MIN_ORDERS: Final = 6
SERVED_OF_TEN: Final = 4
NEW_CONSULTANTS_FROM: Final = datetime(2011, 7, 1)
PARTY_MIN_ORDERS: Final = 3
PARTY_DAYS: Final = 7


def sellers(members: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """The associates of the opening who order for themselves all year: seat and member."""
    in_year = pl.col("ordered_on").is_between(OPENING_DAY, LAST_DAY)
    busy = (
        orders.filter(in_year)
        .group_by("member_no")
        .len()
        .filter(pl.col("len") >= SELLER_MIN_ORDERS)
    )
    return (
        members.filter(~pl.col("is_preferred"), pl.col("enrolled_on") < OPENING_DAY)
        .join(busy, on="member_no", how="semi")
        .sort("member_no")
        .select("member_no")
        .with_row_index("seat")
    )


def with_sellers(orders: pl.DataFrame, selling: pl.DataFrame) -> pl.DataFrame:
    """The shop's orders with channel and seller: four in ten known customers are served.

    The square of an even draw serves some consultants more than others; from July one served
    customer in ten has another consultant.
    """
    count = selling.height
    changes = is_drawn(pl.col("customer"), 12, 10) & (pl.col("instant") >= NEW_CONSULTANTS_FROM)
    place = (
        pl.when(changes)
        .then(draw(pl.col("customer"), 13, count))
        .otherwise(draw(pl.col("customer"), 14, count))
    )
    is_served = (draw(pl.col("customer"), 11, 10) < SERVED_OF_TEN).fill_null(False)
    seat = pl.when(is_served).then((place * place) // count).cast(pl.UInt32)
    return (
        orders.with_columns(seat=seat)
        .join(selling.rename({"member_no": "seller_no"}), on="seat", how="left")
        .with_columns(
            channel=pl.when(is_served).then(pl.lit("sale")).otherwise(pl.lit("retail")),
            seller_id=member_id(pl.col("seller_no")),
        )
        .sort("instant", "order_id")
    )


def parties(orders: pl.DataFrame) -> pl.DataFrame:
    """One row per consultant and month with enough sales, held on the day of the first."""
    return (
        orders.filter(pl.col("channel") == "sale")
        .group_by("seller_no", "drop")
        .agg(pl.len().alias("sales"), held_on=pl.col("instant").min().dt.date())
        .filter(pl.col("sales") >= PARTY_MIN_ORDERS, is_drawn(pl.col("seller_no"), 15, 3))
        .select(
            "drop",
            "seller_no",
            party_id=pl.lit("P") + pl.col("seller_no").cast(pl.String) + "-" + pl.col("drop"),
            consultant_id=member_id(pl.col("seller_no")),
            held_on="held_on",
        )
        .sort("held_on", "party_id")
    )


def at_parties(orders: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """The sales of a party's week, with `told` as 0 or 1 where the order itself names it."""
    number = pl.col("order_id").cast(pl.Int64)
    in_week = pl.col("instant").dt.date() < pl.col("held_on") + pl.duration(days=PARTY_DAYS)
    return (
        orders.filter(pl.col("channel") == "sale")
        .join(held.drop("consultant_id"), on=["seller_no", "drop"])
        .filter(in_week)
        .select("order_id", "party_id", "instant", told=draw(number, 16, 2))
    )


def party_links(visits: pl.DataFrame) -> pl.DataFrame:
    """One row per sale tied to its party afterwards; one in sixty was tied to it already."""
    number = pl.col("order_id").cast(pl.Int64)
    days = pl.duration(days=2 + draw(number, 17, 9))
    return (
        visits.filter((pl.col("told") == 0) | is_drawn(number, 18, 60))
        .select("order_id", "party_id", linked_on=pl.col("instant").dt.date() + days)
        .filter(pl.col("linked_on") <= LAST_DAY)
        .with_columns(drop=month_of(pl.col("linked_on")))
        .sort("linked_on", "order_id")
    )
