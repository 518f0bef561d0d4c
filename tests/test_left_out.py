"""Rows of a source that are in no table, by the condition of a query that they do not meet."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from html_pages import read_page
from small_book import check, drop, write_book
from upline_command import upline

from pipelines.extracts import query_running
from pipelines.extracts.check_printing import print_check
from pipelines.extracts.query_conditions import Condition
from pipelines.extracts.query_fence import read_query
from pipelines.extracts.query_running import run_query

pytestmark = pytest.mark.long

SHOP = """\
No,Placed,Status,Shop,Mail,Sum,Back
1,2020-01-10 12:00,paid,M1,kim@y.com,20.00,
2,2020-01-11 12:00,paid,M1,kim@y.com,20.00,5.00
3,2020-01-11 12:00,open,M1,kim@y.com,20.00,
4,2020-01-11 12:00,paid,,kim@y.com,much,
5,2020-01-11 12:00,,,kim@y.com,20.00,
2,2020-01-11 12:00,paid,M1,kim@y.com,20.00,
"""
HEAD = """\
select {first} No as order_id, Placed as ordered_at, 'sale' as channel, Shop as seller_id,
    Mail as customer_email, 'NL' as country, Sum as amount, 'EUR' as currency, 10 as bv,
    source_file, source_line
"""
ORDERS = (
    HEAD.format(first="distinct on (No)")
    + """\
from shop
where Status = 'paid' and (Shop is not null and cast(Sum as decimal(18, 2)) > 0)
order by No, source_line
"""
)
REVERSALS = """\
select No || '-R' as reversal_id, No as order_id, Placed as reversed_at, 'refund' as kind,
    Back as amount, 2.5 as bv, source_file, source_line
from shop where Back is not null
"""
STATUS, SELLER = "(Status = 'paid')", "(Shop IS NOT NULL)"
NOT_SENT_BACK = "(Back IS NOT NULL)"


def book_of(folder: Path, **queries: str) -> Path:
    """A book with the shop's export, one source nobody reads, and queries."""
    files = {"shop.csv": SHOP, "old.csv": "a\n1\n"}
    whole = {name: text for name, text in drop().items() if name != "orders.csv"}
    book = write_book(folder / "book", {**whole, **files})
    (book / "mapping").mkdir()
    (book / "mapping.toml").write_text("[sources.shop]\n[sources.old]\n")
    for table, text in queries.items():
        (book / "mapping" / f"{table}.sql").write_text(text)
    return book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book with both queries; tests only read it."""
    return book_of(tmp_path_factory.mktemp("book"), orders=ORDERS, reversals=REVERSALS)


def left_of(book: Path) -> list[tuple[str | int | None, ...]]:
    """What check tells of rows that no table took."""
    found = check(book)
    assert found.stopped is None
    return [tuple(row.values()) for row in found.left_out]


def test_each_query_tells_its_first_condition_that_a_row_does_not_meet(book: Path) -> None:
    assert left_of(book) == [
        ("old", "old.csv", None, None, 1),
        ("shop", "shop.csv", "orders", STATUS, 2),
        ("shop", "shop.csv", "orders", SELLER, 1),
        ("shop", "shop.csv", "orders", None, 1),
        ("shop", "shop.csv", "reversals", NOT_SENT_BACK, 4),
    ]


def test_the_rows_of_each_query_add_up_to_what_no_table_took(book: Path) -> None:
    found = check(book)
    left = {row["file"]: row["in no table"] for row in found.sources}
    told: dict[tuple[str, str], int] = {}
    for row in found.left_out:
        key = (str(row["file"]), str(row["left out by"]))
        told[key] = told.get(key, 0) + int(row["rows"] or 0)
    assert {rows == left[file] for (file, _), rows in told.items()} == {True}


def test_check_prints_them(book: Path) -> None:
    out = io.StringIO()
    print_check(check(book), out)
    text = out.getvalue()
    assert "\nrows in no table\n" in text
    assert ["shop", "shop.csv", "orders", *STATUS.split(), "2"] in map(str.split, text.splitlines())
    assert "(no query reads it)" in text and "(none: joined, grouped or distinct)" in text


def test_the_quality_page_shows_them(book: Path, tmp_path: Path) -> None:
    done = upline("trial", "2020-01", "--book", book, "--home", tmp_path / "home")
    assert done.code == 0, done.err
    page = read_page(tmp_path / "home" / "trial" / "2020-01" / "quality" / "index.html")
    rows = page.tables["left-out"].body
    assert len(rows) == 5
    assert {
        "Source": "shop", "File": "shop.csv", "Left out by": "orders", "Condition not met": STATUS,
        "Rows": "2",
    } in rows  # fmt: skip


def test_a_condition_is_a_sources_where_its_columns_are(tmp_path: Path) -> None:
    query = (
        HEAD.format(first="").replace("Shop as", "s.Shop as")
        + """\
from shop as s left join (select a from old where a > '0') on a = s.No
where s.Status = 'paid' and Sum <> 'much' and a is null and s.No in (select No from shop)
    and (s.Shop is null or s.Shop = 'M1') and 1 = 1
"""
    )
    assert read_query(query, ["shop", "old"]).conditions == (
        Condition("old", "old", "(a > '0')"),
        Condition("shop", "s", "(s.Status = 'paid')"),
        Condition("shop", "s", "(Sum != 'much')"),
        Condition("shop", "s", "(a IS NULL)"),
        Condition("shop", "s", "((s.Shop IS NULL) OR (s.Shop = 'M1'))"),
    )
    found = left_of(book_of(tmp_path, orders=query))
    assert found[1:] == [
        ("shop", "shop.csv", "orders", "(s.Status = 'paid')", 2),
        ("shop", "shop.csv", "orders", "(Sum != 'much')", 1),
        ("shop", "shop.csv", "orders", None, 1),
    ]


@pytest.mark.long
def test_a_condition_that_takes_too_long_does_not_stop_a_query(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(query_running, "SECONDS", 1)
    query = "select a from old where a = '1'"
    source = pa.table({"a": ["1", "2"]})
    parts = read_query(query, ["old"])
    assert run_query(query, parts, {"old": source}).unmet["old"].tolist() == [0, 1]
    endless = Condition("old", "old", "(select count(*) from range(1000000000000)) > 0")
    found = run_query(query, replace(parts, conditions=(endless,)), {"old": source})
    assert found.rows.to_pylist() == [{"a": "1"}] and found.unmet == {}
