"""The web shop's invoices as orders and order lines.

Cancelled invoices are cancellations.py; who sells to whom is decided in consultants.py.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl
from draws import is_drawn, money

SHOP_ENDS: Final = datetime(2011, 12, 1)
NOT_PRODUCTS: Final = (
    "POST", "DOT", "C2", "M", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK",
)  # fmt: skip


def half(cents: pl.Expr) -> pl.Expr:
    """Half of an amount in cents, rounded half up: the share that counts as volume."""
    return (cents + 1) // 2


def read_product_lines(source: Path) -> pl.DataFrame:
    """One row per product line within the book's months, in the source's order.

    Prices are taken as whole tenths of a cent, so that no sum depends on a float.
    """
    code = pl.col("StockCode").str.to_uppercase()
    tenths = (pl.col("UnitPrice") * 1000).round(0).cast(pl.Int64)
    return (
        pl.read_parquet(source / "online_retail_uci.parquet")
        .with_row_index("place")
        .filter(pl.col("InvoiceDate") < SHOP_ENDS)
        .select(
            "place",
            invoice="InvoiceNo",
            product_code=code,
            quantity="Quantity",
            instant="InvoiceDate",
            customer="CustomerID",
            country="Country",
            cents=(tenths * pl.col("Quantity").abs() + 5) // 10,
            price=tenths,
        )
        .filter(~pl.col("product_code").is_in(NOT_PRODUCTS), pl.col("price") >= 0)
    )


def sold_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of invoices that sold something: priced ones and the gifts that went with them."""
    sold = lines.filter(~pl.col("invoice").str.contains("^[AC]"), pl.col("quantity") > 0)
    return (
        sold.filter((pl.col("price") > 0).any().over("invoice"))
        .sort("invoice", "place")
        .with_columns(
            line_no=pl.int_range(1, pl.len() + 1).over("invoice"),
            bv_cents=half(pl.col("cents")),
        )
    )


def orders_of(sold: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice, with the customer's invented name and address."""
    number = pl.coalesce("customer", pl.col("order_id").cast(pl.Int64))
    prefix = pl.when(pl.col("customer").is_null()).then(pl.lit("g")).otherwise(pl.lit("c"))
    called = (
        pl.when(pl.col("customer").is_null()).then(pl.lit("Guest ")).otherwise(pl.lit("Customer "))
    )
    return (
        sold.group_by(pl.col("invoice").alias("order_id"))
        .agg(
            pl.col("customer").first(),
            pl.col("country").first(),
            pl.col("instant").min(),
            cents=pl.col("cents").sum(),
            bv_cents=pl.col("bv_cents").sum(),
        )
        .with_columns(
            drop=pl.col("instant").dt.strftime("%Y-%m"),
            customer_email=prefix + number.cast(pl.String) + "@example.invalid",
            customer_name=called + number.cast(pl.String),
            contact_opt_out=is_drawn(number, 4, 30),
            amount=money(pl.col("cents")),
            bv=money(pl.col("bv_cents")),
        )
        .sort("instant", "order_id")
    )


def order_lines_of(sold: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice line, in the drop of its order."""
    return (
        sold.join(orders.select("order_id", "drop"), left_on="invoice", right_on="order_id")
        .select(
            "drop",
            pl.col("invoice").alias("order_id"),
            pl.col("line_no").cast(pl.Int32),
            "product_code",
            pl.col("quantity").cast(pl.Int32),
            amount=money(pl.col("cents")),
            bv=money(pl.col("bv_cents")),
        )
        .sort("order_id", "line_no")
    )
