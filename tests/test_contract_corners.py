"""Corners of contracts 1 to 3 and 5 that one sentence decides, each with the smallest book."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from small_book import POLICY, Files, check, drop, listed, loaded, row, write_book

ANY_SHARE = f"{POLICY}[quality]\nmax_quarantined_share = 1\n"
WHOLE = pa.decimal128(20, 4)


def lines_parquet(folder: Path, quantity: str) -> bytes:
    """An order line whose numbers are decimals, its line number too."""
    texts = {"order_id": "O1", "product_code": "X1", "amount": "9.50", "bv": "1"}
    columns = {name: pa.array([cell]) for name, cell in texts.items()}
    numbers = {"line_no": Decimal(1), "quantity": Decimal(quantity)}
    columns |= {name: pa.array([number], WHOLE) for name, number in numbers.items()}
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / "lines")
    return (folder / "lines").read_bytes()


def test_a_decimal_without_a_fraction_is_a_whole_number(tmp_path: Path) -> None:
    book = write_book(
        tmp_path / "book", drop({"order_lines.parquet": lines_parquet(tmp_path, "10")})
    )
    with loaded(book) as con:
        found = con.execute("select line_no, quantity from extracts.order_lines").fetchall()
    assert found == [(1, 10)]


def test_a_decimal_with_a_fraction_is_none(tmp_path: Path) -> None:
    book = write_book(
        tmp_path / "book", drop({"order_lines.parquet": lines_parquet(tmp_path, "1.5")})
    )
    assert listed(check(book)) == [("order_lines", 2, "O1/1", "type", "quantity")]


def test_a_decimal_id_is_the_same_as_a_whole_one(tmp_path: Path) -> None:
    order = {name: pa.array([cell]) for name, cell in row("orders").items()}
    order["order_id"] = pa.array([Decimal(120)], pa.decimal128(38, 10))
    pq.write_table(pa.table(order), tmp_path / "orders")
    files: Files = {"orders.parquet": (tmp_path / "orders").read_bytes()}
    with loaded(write_book(tmp_path / "book", drop(files))) as con:
        assert con.execute("select order_id from extracts.orders").fetchall() == [("120",)]


QUERY = """\
select "Order" as order_id, 1 as line_no, Product as product_code,
    sum(cast(Qty as decimal(12, 3))) as quantity, 1 as amount, 1 as bv,
    any_value(source_file) as source_file, min(source_line) as source_line
from shop group by all
"""


def test_a_sum_of_decimals_in_a_query_is_a_whole_number(tmp_path: Path) -> None:
    shop = "Order,Product,Qty\nO1,X1,1.000\nO1,X1,2.000\n"
    book = write_book(tmp_path / "book", drop({"shop.csv": shop, "mapping.toml": "[sources.shop]"}))
    (book / "2020-01" / "mapping").mkdir()
    (book / "2020-01" / "mapping" / "order_lines.sql").write_text(QUERY)
    with loaded(book) as con:
        assert con.execute("select quantity from extracts.order_lines").fetchall() == [(3,)]


def test_an_email_may_hold_any_ascii_but_blanks_and_a_second_at(tmp_path: Path) -> None:
    # A return by itself ends a line.
    signs = "".join(map(chr, range(128))).replace("\r", "")
    good = [sign for sign in signs if sign not in " \t\n\v\f@"]
    orders = [
        row("orders", order_id=f"O{ord(sign)}", customer_email=f"k{sign}m@y.com") for sign in signs
    ]
    with loaded(write_book(tmp_path / "book", drop(orders=orders), policy=ANY_SHARE)) as con:
        found = con.execute("select customer_email from extracts.orders").fetchall()
    assert sorted(email for (email,) in found) == sorted(f"k{sign}m@y.com".lower() for sign in good)
