"""`upline describe` and the dictionary's pages: what they tell is what is declared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import PROJECT, close_quietly
from html_pages import read_page
from small_book import POLICY, full_drop, write_book
from upline_command import upline

from pipelines.extracts.shapes import SHAPES
from pipelines.reports.dictionary.entries import extract_entries, find_entry, report_entries
from pipelines.reports.dictionary.terminal import entry_lines, tables_lines
from pipelines.rules.report_shapes import REPORT_SHAPES
from schemas.cells import Cell
from schemas.words import READ, WRITTEN, meaning_in_words, type_in_words

ENTRIES = [*extract_entries(), *report_entries()]
ORDERS = """\
orders: event, key order_id; required in every drop.
Event: an order of a member, a customer of a seller, or a customer of the web
shop.

order_id*        id                 The order.
ordered_at*      time               When it was placed.
channel*         code               Who buys: a member, a seller's customer, or
                                    a customer of the web shop. One of member,
                                    sale, retail.
buyer_id         id                 The member who buys. Known in members;
                                    required where channel is member.
"""
LEADS = """\
referral/leads: key lead_id.
One row per lead that posts in the month: whom its own rotation gave it to.

lead_id*        id       The lead.
"""


def test_a_table_is_told_column_by_column() -> None:
    text = "\n".join(entry_lines(find_entry("orders"), 80))
    assert text.startswith(ORDERS)
    assert "\n* required\n" in text and "\ncode      one of the words listed\n" in text


def test_a_report_is_told_too() -> None:
    text = "\n".join(entry_lines(find_entry("referral/leads"), 80))
    assert text.startswith(LEADS)
    assert "\n* never empty\n" in text and "\ntime     UTC, YYYY-MM-DDTHH:MM:SSZ" in text


def test_all_tables_are_told_with_their_columns_types_and_what_is_required() -> None:
    found = upline("describe")
    assert found.code == 0
    for shape in SHAPES.values():
        assert f"\n{shape.table}: {shape.kind}, key {', '.join(shape.key)}" in found.out
    assert "order_id* id, ordered_at* time, channel* member|sale|retail, buyer_id id," in found.out
    assert "price* decimal above 0" in found.out and "instalments* int 1 to 600" in found.out
    assert all(name.replace(".", "/") in found.out for name in REPORT_SHAPES)


@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_longer_than_the_terminal_is_wide(width: int) -> None:
    lines = list(tables_lines(extract_entries(), report_entries(), width))
    for entry in ENTRIES:
        lines += entry_lines(entry, width)
    assert [line for line in lines if len(line) > width] == []


def test_everything_is_told_in_letters_that_any_terminal_has() -> None:
    texts = [upline("describe").out, upline("describe", "--markdown").out]
    texts += [upline("describe", entry.name).out for entry in ENTRIES]
    assert all(text.isascii() for text in texts)


@pytest.mark.parametrize(
    ("name", "found"),
    [("orders", "orders"), ("orders.csv", "orders"), ("orders.csv.gz", "orders"),
     ("orders.parquet", "orders"), ("orders.xlsx", "orders"), ("parties", "parties"),
     ("customers/parties", "customers/parties"), ("customers.parties", "customers/parties"),
     ("customers/parties.csv", "customers/parties")],
)  # fmt: skip
def test_a_table_or_report_is_found_by_its_name(name: str, found: str) -> None:
    assert find_entry(name).name == found


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ordrs", "did you mean 'orders'?"),
        ("Orders", "did you mean 'orders'?"),
        ("ASSIGNMENTS.csv", "did you mean 'referral/assignments'?"),
        ("referal/asignments", "did you mean 'referral/assignments'?"),
        ("zzz", "upline describe lists them"),
        ("", "upline describe lists them"),
    ],
)
def test_an_unknown_table_is_one_sentence_with_the_nearest_name(name: str, told: str) -> None:
    found = upline("describe", name)
    assert found.code == 2 and found.out == ""
    assert found.err == f"upline: stopped: {name!r} is no table of a book and no report: {told}\n"


def test_every_form_has_its_words() -> None:
    read = {cell.form for shape in SHAPES.values() for cell in shape.cells.values()}
    written = {cell.form for shape in REPORT_SHAPES.values() for cell in shape.cells.values()}
    assert read == set(READ) and written <= set(WRITTEN)


def test_ranges_and_limits_are_told_in_words() -> None:
    assert type_in_words(Cell("int", least=0)) == "int 0 or more"
    assert type_in_words(Cell("decimal", above=0)) == "decimal above 0"
    assert type_in_words(Cell("int", least=1, most=600)) == "int 1 to 600"
    assert type_in_words(Cell("text")) == "text"
    cell = Cell("date", "A day.", is_monday=True, not_before="b", empty="so", is_personal=True)
    assert meaning_in_words(cell) == "A day. A Monday; not before b; empty: so; personal."
    assert meaning_in_words(Cell("text", "Any.")) == "Any."


# The pages.


def test_the_dictionary_in_docs_is_current() -> None:
    text = (PROJECT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert text == upline("describe", "--markdown").out, "make dictionary"


def test_the_dictionary_in_docs_has_every_column() -> None:
    text = (PROJECT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", text, re.M | re.S))
    found = {name: re.findall(r"^\| `(\w+)` \|", part, re.M) for name, part in parts.items()}
    assert found == {entry.name: list(entry.cells) for entry in ENTRIES}


def table_of(file: Path) -> str:
    """The id of a CSV's table on the page."""
    return "-".join(file.with_suffix("").parts)


def test_a_months_dictionary_has_every_file_of_the_month_and_its_columns(
    closed_sample: Path,
) -> None:
    month = closed_sample / "reports" / "2020-03"
    page = read_page(month / "dictionary.html")
    files = {path.relative_to(month) for path in month.glob("*/*.csv")}
    files |= {Path("leaders") / path.name for path in month.glob("leaders/*/*.csv")}
    packs = {name for name in page.tables if name.startswith("leaders-")}
    for file in files:
        [path, *_] = [*month.glob(str(file)), *month.glob(f"leaders/*/{file.name}")]
        columns = [row["Column"] for row in page.tables[table_of(file)].body]
        assert columns == path.read_text(encoding="utf-8").split("\n")[0].split(",")
    assert set(page.tables) - packs - {"types"} == {table_of(file) for file in files} - packs
    assert "dictionary.html" in read_page(month / "index.html").links


@pytest.mark.long
def test_a_months_dictionary_leaves_out_what_did_not_run(tmp_path: Path) -> None:
    policy = POLICY.replace("[subscriptions]\n", "").replace("[onboarding]\n", "")
    book = write_book(tmp_path / "book", full_drop(), policy=policy)
    page = read_page(close_quietly(book, tmp_path / "home", "2020-01") / "dictionary.html")
    assert "finance-volume" in page.tables and "quality-quarantine" in page.tables
    assert not {"customers-owners", "onboarding-accounts"} & set(page.tables)
    assert "finance-subscription_commissions" not in page.tables
