"""The sponsor tree: its members and their own orders and reversals, moved to the shop's years.

Who is in which month's snapshot is departures.py, ranks are ranks.py.
"""

from pathlib import Path
from typing import Final

import polars as pl
from draws import choose, is_drawn, money
from periods import LAST_DAY, MONTHS, local_time, month_of

SHIFT_WEEKS: Final = 730
BASE_BV: Final = 20
LINES_CAP: Final = 180
PREFERRED_MAX_ORDERS: Final = 3
LATE_HOURS: Final = 4
MARKET_SHARES: Final = {
    "GB": 30, "DE": 10, "FR": 10, "NL": 9, "BE": 8, "ES": 7,
    "IE": 6, "PT": 5, "CH": 4, "NO": 4, "SE": 4, "IT": 3,
}  # fmt: skip
MARKETS: Final = tuple(market for market, share in MARKET_SHARES.items() for _ in range(share))
LANGUAGES: Final = {
    "GB": "en", "DE": "de", "FR": "fr", "NL": "nl", "BE": "nl", "ES": "es",
    "IE": "en", "PT": "pt", "CH": "de", "NO": "no", "SE": "sv", "IT": "it",
}  # fmt: skip


def member_id(member_no: pl.Expr) -> pl.Expr:
    """The id of a member in the book; empty where the number is."""
    return pl.lit("m") + member_no.cast(pl.String).str.zfill(4)


def moved(column: str) -> pl.Expr:
    """A source instant (UTC) moved back by whole weeks."""
    return pl.col(column) - pl.duration(weeks=SHIFT_WEEKS)


def drop_of(instant: pl.Expr) -> pl.Expr:
    """The drop of an instant: the tree's system exports in the last evening of a month."""
    return month_of(local_time(instant + pl.duration(hours=LATE_HOURS)))


def read_members(source: Path) -> pl.DataFrame:
    """One row per member who joins by the book's last day."""
    members = pl.read_parquet(source / "git_uboot_members.parquet")
    orders = pl.read_parquet(source / "git_uboot_orders.parquet")
    ordered = orders.group_by("member_no").agg(pl.len().alias("orders"))
    has_downline = pl.col("member_no").is_in(members["sponsor_no"].drop_nulls().implode())
    few_orders = pl.col("orders").fill_null(0) <= PREFERRED_MAX_ORDERS
    return (
        members.join(ordered, on="member_no", how="left")
        .with_columns(
            enrolled_on=local_time(moved("joined_at")).dt.date(),
            country=choose(pl.col("member_no"), 1, MARKETS),
            is_preferred=~has_downline & few_orders & ~is_drawn(pl.col("member_no"), 2, 4),
        )
        .filter(pl.col("enrolled_on") <= LAST_DAY)
        .select("member_no", "sponsor_no", "enrolled_on", "country", "is_preferred")
        .sort("member_no")
    )


def read_orders(source: Path, members: pl.DataFrame) -> pl.DataFrame:
    """One row per commit that reaches a drop of the book, as an order of the member's own."""
    lines = pl.col("lines_changed").clip(0, LINES_CAP)
    return (
        pl.read_parquet(source / "git_uboot_orders.parquet")
        .join(members.select("member_no", "country"), on="member_no")
        .with_columns(instant=moved("ordered_at"))
        .with_columns(drop=drop_of(pl.col("instant")))
        .filter(pl.col("drop") <= MONTHS[-1])
        .select(
            pl.col("order_no").alias("order_id"),
            "member_no",
            "instant",
            pl.col("country"),
            "drop",
            ordered_on=local_time(pl.col("instant")).dt.date(),
            amount=money((lines + BASE_BV) * 125),
            bv=money((lines + BASE_BV) * 100),
        )
        .sort("instant", "order_id")
    )


def read_reversals(source: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per revert: the whole order back, the second time it is over its limit."""
    return (
        pl.read_parquet(source / "git_uboot_returns.parquet")
        .with_columns(instant=moved("returned_at"))
        .with_columns(drop=drop_of(pl.col("instant")))
        .filter(pl.col("drop") <= MONTHS[-1])
        .join(
            orders.select(pl.col("order_id"), "ordered_on", "amount", "bv"),
            left_on="order_no",
            right_on="order_id",
            how="left",
        )
        .with_columns(reversed_on=local_time(pl.col("instant")).dt.date())
        .select(
            pl.col("return_no").alias("reversal_id"),
            pl.col("order_no").alias("order_id"),
            "instant",
            "drop",
            pl.when(pl.col("reversed_on") == pl.col("ordered_on"))
            .then(pl.lit("cancellation"))
            .otherwise(pl.lit("refund"))
            .alias("kind"),
            pl.col("amount").fill_null(0),
            pl.col("bv").fill_null(0),
        )
        .sort("instant", "reversal_id")
    )
