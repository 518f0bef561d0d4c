"""What customers ask for beside their orders: leads, reassignments, subscriptions and billings."""

from typing import Final

import polars as pl
from draws import choose, draw, is_drawn, money
from periods import LAST_DAY, month_of
from records import as_drops_saw
from tree import member_id

BUDGETS: Final = ("20", "25", "30", "40", "60", "80")
BILLED_MONTHS: Final = 12


def leads(orders: pl.DataFrame) -> pl.DataFrame:
    """One row per guest in eight who, an hour before ordering, asked for a consultant."""
    number = pl.col("order_id").cast(pl.Int64)
    return (
        orders.filter(pl.col("customer").is_null(), is_drawn(number, 31, 8))
        .select(
            "drop",
            lead_id=pl.lit("L") + pl.col("order_id"),
            requested_at=pl.col("instant") - pl.duration(minutes=60),
            country="country",
            name="customer_name",
            email="customer_email",
            contact_opt_out="contact_opt_out",
        )
        .sort("requested_at", "lead_id")
    )


def reassignments(
    orders: pl.DataFrame, members: pl.DataFrame, selling: pl.DataFrame
) -> pl.DataFrame:
    """One row per order that another member says to have referred, within a week of it.

    Most ask for a consultant, one in eight for a preferred customer; a few name a sale.
    """
    number = pl.col("order_id").cast(pl.Int64)
    asked = (
        pl.when(pl.col("channel") == "retail")
        .then(is_drawn(number, 32, 60))
        .otherwise(is_drawn(number, 33, 500))
    )
    preferred = members.filter(
        pl.col("is_preferred"), pl.col("enrolled_on") < pl.lit("2010-12-01").str.to_date()
    ).sort("member_no")["member_no"]
    consultants = selling["member_no"]
    wants_preferred = is_drawn(number, 34, 8)
    wanted = (
        pl.when(wants_preferred)
        .then(pl.lit(preferred).gather(draw(number, 35, preferred.len())))
        .otherwise(pl.lit(consultants).gather(draw(number, 36, consultants.len())))
    )
    after = pl.duration(days=draw(number, 37, 7), minutes=90)
    return (
        orders.filter(asked)
        .select(
            "order_id",
            member_id=member_id(wanted),
            requested_at=pl.col("instant") + after,
        )
        .filter(pl.col("requested_at").dt.date() <= LAST_DAY)
        .with_columns(drop=month_of(pl.col("requested_at").dt.date()))
        .sort("requested_at", "order_id")
    )


def subscribers(orders: pl.DataFrame) -> pl.DataFrame:
    """One row per subscribing customer: one in 20 of the served, one in 60 of the others."""
    number = pl.col("customer")
    is_served = pl.col("channel") == "sale"
    subscribes = (is_served & is_drawn(number, 41, 20)) | (~is_served & is_drawn(number, 42, 60))
    return (
        orders.filter(number.is_not_null())
        .sort("instant", "order_id")
        .group_by("customer")
        .agg(pl.col("channel", "seller_id", "customer_email", "instant").first())
        .filter(subscribes)
        .with_columns(
            subscription_id=pl.lit("S") + number.cast(pl.String),
            consultant_id=pl.when(is_drawn(number, 43, 2)).then(pl.col("seller_id")),
            asked_on=pl.col("instant").dt.date(),
            budget=choose(number, 44, BUDGETS).cast(pl.Int64),
        )
        .with_columns(
            started_on=pl.when(~is_drawn(number, 45, 15)).then(
                pl.col("asked_on") + pl.duration(days=draw(number, 46, 21))
            )
        )
        .with_columns(
            stopped_on=pl.when(is_drawn(number, 47, 4)).then(
                pl.col("started_on") + pl.duration(days=45 + draw(number, 48, 150))
            )
        )
        .sort("customer")
    )


def subscriptions(subscribed: pl.DataFrame) -> pl.DataFrame:
    """The subscriptions as each drop saw them: asked for, then started, for some stopped."""
    return (
        subscribed.select(
            "subscription_id",
            "customer_email",
            "consultant_id",
            "asked_on",
            "started_on",
            "stopped_on",
            monthly_budget=money(pl.col("budget") * 100),
        )
        .pipe(
            as_drops_saw,
            "asked_on",
            {"started_on": ["started_on"], "stopped_on": ["stopped_on"]},
        )
        .drop("asked_on")
        .sort("drop", "subscription_id")
    )


def billings(subscribed: pl.DataFrame) -> pl.DataFrame:
    """One row per subscription and month from its start until it stops."""
    number = pl.int_range(0, BILLED_MONTHS)
    billed_on = pl.col("started_on").dt.offset_by(pl.col("k").cast(pl.String) + "mo")
    is_running = pl.col("stopped_on").is_null() | (pl.col("billed_on") < pl.col("stopped_on"))
    return (
        subscribed.filter(pl.col("started_on").is_not_null())
        .join(pl.select(k=number), how="cross")
        .with_columns(billed_on=billed_on)
        .filter(is_running, pl.col("billed_on") <= LAST_DAY)
        .select(
            drop=month_of(pl.col("billed_on")),
            billing_id=pl.col("subscription_id") + "-" + (pl.col("k") + 1).cast(pl.String),
            subscription_id="subscription_id",
            billed_on="billed_on",
            amount=money(pl.col("budget") * 100),
        )
        .sort("billed_on", "billing_id")
    )
