"""Cancelled invoices, matched line by line to the order that sold the article.

A line belongs to the latest earlier order of the same customer in which enough of the article is
left. One that finds none names an order made from its own number, which nobody knows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from draws import money
from invoices import half

Article = tuple[int, str]


@dataclass
class Sale:
    """What one order sold of one article, and what is left of it."""

    order_id: str
    sold_at: datetime
    quantity: int
    bv_cents: int
    quantity_left: int
    cents_left: int
    bv_cents_left: int

    def take(self, quantity: int, cents: int) -> tuple[int, int]:
        """Take a quantity back: the money given back and its volume, never more than is left."""
        taken = min(cents, self.cents_left)
        share = (2 * self.bv_cents * quantity + self.quantity) // (2 * self.quantity)
        taken_bv = min(share, self.bv_cents_left)
        self.quantity_left -= quantity
        self.cents_left -= taken
        self.bv_cents_left -= taken_bv
        return taken, taken_bv


def sales_by_article(sold: pl.DataFrame) -> dict[Article, list[Sale]]:
    """Each customer's purchases of each article, oldest first."""
    totals = (
        sold.filter(pl.col("customer").is_not_null())
        .group_by("customer", "product_code", "invoice")
        .agg(
            pl.col("instant").min(),
            pl.col("quantity", "cents", "bv_cents").sum(),
        )
        .sort("instant", "invoice")
        .select("customer", "product_code", "invoice", "instant", "quantity", "cents", "bv_cents")
    )
    sales: dict[Article, list[Sale]] = defaultdict(list)
    for customer, code, invoice, instant, quantity, cents, bv_cents in totals.iter_rows():
        sale = Sale(invoice, instant, quantity, bv_cents, quantity, cents, bv_cents)
        sales[customer, code].append(sale)
    return sales


def cancelled_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The product lines of cancelled invoices, oldest first."""
    is_cancelled = pl.col("invoice").str.starts_with("C") & (pl.col("quantity") < 0)
    return lines.filter(is_cancelled, pl.col("price") > 0).sort("instant", "place")


def match_lines(lines: pl.DataFrame, sold: pl.DataFrame) -> pl.DataFrame:
    """One row per cancelled line with the order it was matched to, empty if none."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "place": pl.UInt32,
        "order_id": pl.String,
        "sold_at": pl.Datetime("us"),
        "taken": pl.Int64,
        "taken_bv": pl.Int64,
    }
    cancelled = cancelled_lines(lines)
    matches = pl.DataFrame(list(matched(cancelled, sold)), schema=schema, orient="row")
    return cancelled.join(matches, on="place", how="left", maintain_order="left").with_columns(
        pl.col("taken").fill_null(pl.col("cents")),
        pl.col("taken_bv").fill_null(half(pl.col("cents"))),
        quantity=-pl.col("quantity"),
    )


def matched(
    cancelled: pl.DataFrame, sold: pl.DataFrame
) -> Iterator[tuple[int, str, datetime, int, int]]:
    """The lines that find their sale, each taking its goods back from it."""
    sales = sales_by_article(sold)
    columns = cancelled.select("place", "customer", "product_code", "instant", "quantity", "cents")
    for place, customer, code, instant, negative, cents in columns.iter_rows():
        for sale in reversed(sales.get((customer, code), [])):
            if sale.sold_at <= instant and sale.quantity_left >= -negative:
                yield place, sale.order_id, sale.sold_at, *sale.take(-negative, cents)
                break


def reversals_of(matched_lines: pl.DataFrame) -> pl.DataFrame:
    """One row per cancelled invoice and order: cancelled on the order's day, refunded later."""
    is_same_day = pl.col("sold_at").dt.date() == pl.col("instant").dt.date()
    return (
        matched_lines.group_by("invoice", "order_id")
        .agg(
            pl.col("instant").max(),
            pl.col("sold_at").min(),
            pl.col("taken", "taken_bv").sum(),
        )
        .select(
            pl.concat_str("invoice", pl.lit("-"), pl.col("order_id").fill_null("none")).alias(
                "reversal_id"
            ),
            pl.col("order_id").fill_null(pl.col("invoice")),
            "invoice",
            "instant",
            "sold_at",
            drop=pl.col("instant").dt.strftime("%Y-%m"),
            kind=pl.when(is_same_day).then(pl.lit("cancellation")).otherwise(pl.lit("refund")),
            amount=money(pl.col("taken")),
            bv=money(pl.col("taken_bv")),
        )
        .sort("instant", "reversal_id")
    )
