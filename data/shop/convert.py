"""Make a book out of the real data: `python data/shop/convert.py --to DIR`.

This file puts the tables together; how each is made is said in the module it comes from and, in
plain words, in docs/real-book.md. The same sources give the same bytes every time.
"""

import argparse
import shutil
import tomllib
from pathlib import Path
from typing import Final

import cancellations
import consultants
import customers
import invoices
import leaders
import polars as pl
import returns
import tree
from departures import Snapshot, monthly_snapshots
from drops import write_drops, write_frame
from periods import MONTHS, calendar_rows, last_day
from ranks import paid_ranks, titles
from snapshots import enrollers, snapshot_rows

HERE: Final = Path(__file__).parent
LATER_POLICIES: Final = ("2011-07",)
LOCAL: Final = "%Y-%m-%dT%H:%M:%S"
UTC: Final = "%Y-%m-%dT%H:%M:%SZ"


def written(instant: str, pattern: str) -> pl.Expr:
    """An instant as its source says it: the shop's without zone, the tree's in UTC."""
    return pl.col(instant).dt.strftime(pattern)


def orders_table(own: pl.DataFrame, shop: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """Both sources' orders; each export repeats the last day of the month before."""
    told = visits.filter(pl.col("told") == 1).select("order_id", "party_id")
    of_shop = shop.join(told, on="order_id", how="left", maintain_order="left").with_columns(
        ordered_at=written("instant", LOCAL), ordered_on=pl.col("instant").dt.date()
    )
    of_tree = own.with_columns(
        ordered_at=written("instant", UTC),
        channel=pl.lit("member"),
        buyer_id=tree.member_id(pl.col("member_no")),
    )
    columns = [
        "order_id", "ordered_at", "channel", "buyer_id", "seller_id", "customer_email",
        "customer_name", "contact_opt_out", "country", "amount", "bv", "party_id",
    ]  # fmt: skip
    both = pl.concat([of_tree, of_shop], how="diagonal")
    next_drop = dict(zip(MONTHS[:-1], MONTHS[1:], strict=True))
    last_days = {month: last_day(month) for month in MONTHS}
    is_last_day = pl.col("ordered_on") == pl.col("drop").replace_strict(last_days)
    again = both.filter(is_last_day, pl.col("drop") != MONTHS[-1]).with_columns(
        pl.col("drop").replace_strict(next_drop)
    )
    return pl.concat([both, again]).sort("drop", "ordered_at", "order_id").select("drop", *columns)


def reversals_table(own: pl.DataFrame, shop: pl.DataFrame, rans: pl.DataFrame) -> pl.DataFrame:
    """Both sources' reversals; a refund of the shop names its RAN where it has one."""
    named = rans.select("invoice", "order_id", "ran_id")
    of_shop = shop.join(
        named, on=["invoice", "order_id"], how="left", maintain_order="left"
    ).with_columns(reversed_at=written("instant", LOCAL))
    of_tree = own.with_columns(reversed_at=written("instant", UTC))
    columns = ["drop", "reversal_id", "order_id", "reversed_at", "kind", "amount", "bv", "ran_id"]
    both = pl.concat([of_tree, of_shop], how="diagonal")
    return both.sort("drop", "reversed_at", "reversal_id").select(columns)


def shop_tables(
    source: Path, members: pl.DataFrame, own: pl.DataFrame, reverts: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables that follow from the shop's invoices."""
    lines = invoices.read_product_lines(source)
    sold = invoices.sold_lines(lines)
    selling = consultants.sellers(members, own)
    orders = consultants.with_sellers(invoices.orders_of(sold), selling)
    held = consultants.parties(orders)
    visits = consultants.at_parties(orders, held)
    matched = cancellations.match_lines(lines, sold)
    reversals = cancellations.reversals_of(matched)
    refunded, unpaid = returns.refunded_rans(reversals), returns.unpaid_rans(sold, orders)
    subscribed = customers.subscribers(orders)
    return {
        "orders": orders_table(own, orders, visits),
        "order_lines": invoices.order_lines_of(sold, orders),
        "reversals": reversals_table(reverts, reversals, refunded),
        "returns": returns.returns_of(refunded, unpaid),
        "return_lines": returns.goods_of(refunded, unpaid, matched),
        "parties": held.drop("seller_no"),
        "party_links": consultants.party_links(visits),
        "leads": customers.leads(orders).with_columns(requested_at=written("requested_at", LOCAL)),
        "reassignments": customers.reassignments(orders, members, selling).with_columns(
            requested_at=written("requested_at", LOCAL)
        ),
        "subscriptions": customers.subscriptions(subscribed),
        "billings": customers.billings(subscribed),
    }


def tree_tables(
    members: pl.DataFrame, own: pl.DataFrame, snapshots: list[Snapshot]
) -> dict[str, pl.DataFrame]:
    """The tables that follow from the sponsor tree."""
    title = titles(members, MONTHS[-1])
    owned = leaders.businesses(members, own, title)
    enrolled = enrollers(members)
    return {
        "members": pl.concat([snapshot_rows(enrolled, month, owned) for month in snapshots]),
        "paid_ranks": paid_ranks(members, own, snapshots),
        "holds": leaders.holds(members, title),
        "delegates": leaders.delegates(members, snapshots, title),
    }


def convert(source: Path, book: Path) -> dict[str, pl.DataFrame]:
    """Write the book and return its tables, each row with the drop it went into."""
    rules = tomllib.loads((HERE / "policy.toml").read_text())["inactivity"]
    members = tree.read_members(source)
    own = tree.read_orders(source, members)
    reverts = tree.read_reversals(source, own)
    snapshots = monthly_snapshots(members, own, reverts, rules)
    tables = tree_tables(members, own, snapshots) | shop_tables(source, members, own, reverts)
    write_drops(book, tables)
    write_frame(calendar_rows(), book / "calendar.csv")
    for settings in ("policy.toml", "mapping.toml"):
        shutil.copyfile(HERE / settings, book / settings)
    for month in LATER_POLICIES:
        shutil.copyfile(HERE / f"policy-{month}.toml", book / month / "policy.toml")
    return tables


def main() -> None:
    """Read the command line, write the book, say how many rows each table has."""
    parser = argparse.ArgumentParser(description="Make a book out of the real data.")
    parser.add_argument("--to", type=Path, required=True, help="the folder to write the book in")
    book: Path = parser.parse_args().to
    if book.exists() and any(book.iterdir()):
        parser.error(f"{book} is not empty")
    for table, rows in convert(HERE / "source", book).items():
        print(f"{table:<14} {rows.height:>9,}")


if __name__ == "__main__":
    main()
