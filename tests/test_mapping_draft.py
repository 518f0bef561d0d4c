"""The draft of a mapping that `upline check` prints: pasted as it stands, it reads the drop."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from small_book import check, csv_text, drop, full_drop, row, write_book
from upline_command import contents, upline

from pipelines.extracts.check_command import Check, check_drop
from pipelines.extracts.mapping_draft import toml_text
from pipelines.months import Month
from pipelines.places import find_folder

pytestmark = pytest.mark.long

FOUND = Path(__file__).parent / "found"
ORDERS = csv_text("orders", [row("orders")])
RENAMED = ORDERS.replace("order_id", "Order ID").replace("ordered_at", "Order date")


def pasted(book: Path, month: str) -> Check:
    """What `check` finds once its own draft is the mapping."""
    draft = check_drop(book, Month(month)).draft
    (book / "mapping.toml").write_text("\n".join(draft), encoding="utf-8")
    return check_drop(book, Month(month))


@pytest.mark.parametrize("name", ["semicolon", "header_case", "title_rows", "windows1252"])
def test_a_found_export_is_read_with_its_draft(tmp_path: Path, name: str) -> None:
    book = Path(shutil.copytree(FOUND / name / "book", tmp_path / "book"))
    assert check_drop(book, Month("2024-01")).stopped is not None
    found = pasted(book, "2024-01")
    assert (found.stopped, found.draft) == (None, [])


@pytest.mark.parametrize(
    ("name", "content", "settings"),
    [
        ("orders.csv", RENAMED.encode(), []),
        ("orders.csv", RENAMED.replace(",", "\t").encode(), ['delimiter = "\\t"']),
        ("Verkauf.csv", RENAMED.encode(), ['file = "Verkauf.csv"']),
        ("Verkauf.txt", RENAMED.replace(",", "|").encode(),
         ['file = "Verkauf.txt"', 'format = "csv"', 'delimiter = "|"']),
        ("Verkauf.csv", f"Report\n\n{RENAMED.replace('Order ID', 'Örder ID')}".encode("cp1252"),
         ['file = "Verkauf.csv"', 'encoding = "windows-1252"', "skip_lines = 2"]),
    ],
)  # fmt: skip
def test_a_renamed_export_is_read_with_its_draft(
    tmp_path: Path, name: str, content: bytes, settings: list[str]
) -> None:
    files = drop()
    del files["orders.csv"]
    book = write_book(tmp_path / "book", {**files, name: content})
    draft = check(book).draft
    order_id = "Örder ID" if b"\xd6" in content else "Order ID"
    assert draft[1:] == [
        "[orders]", *settings, "[orders.columns]",
        f'order_id = "{order_id}"', 'ordered_at = "Order date"',
    ]  # fmt: skip
    found = pasted(book, "2020-01")
    assert (found.stopped, found.draft) == (None, [])


def test_what_no_column_comes_near_is_said_and_decides_nothing(tmp_path: Path) -> None:
    orders = ORDERS.replace("amount", "Zum\x1b[2JMe").replace("currency", "CURRENCY")
    book = write_book(tmp_path / "book", drop({"orders.csv": orders}))
    before = contents(book)
    found = upline("check", "2020-01", "--book", book)
    assert found.out.endswith(
        "draft for mapping.toml, of which nothing is in force\n"
        "    # orders.csv\n"
        "    [orders]\n"
        "    [orders.columns]\n"
        '    currency = "CURRENCY"\n'
        '    # amount = "…"  # required; no column comes near\n'
        '    # left over: "Zum\\u001b[2JMe"\n'
    )
    assert found.code == 2 and found.err.count("\n") == 1
    assert contents(book) == before
    told = json.loads(upline("check", "2020-01", "--book", book, "--json").out)
    assert told["draft"][1] == "[orders]"


def test_an_optional_column_of_another_name_is_offered_too(tmp_path: Path) -> None:
    members = csv_text("members", [row("members")]).replace("language", "Language")
    found = check(write_book(tmp_path / "book", drop({"members.csv": members})))
    assert found.stopped is None
    assert found.draft[-1] == 'language = "Language"'


def test_a_file_that_comes_near_no_table_is_described(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", drop({"Kasse.csv": "Tag;Summe\n1;2\n"}))
    assert check(book).draft == [
        '# Kasse.csv: comes near no table that the drop lacks; its columns are "Tag", "Summe"',
        '# file = "Kasse.csv"',
        '# delimiter = ";"',
    ]


def test_what_fits_has_no_draft(tmp_path: Path) -> None:
    assert check(write_book(tmp_path / "book", full_drop())).draft == []


@pytest.mark.first(1)
@pytest.mark.parametrize("vendor", ["shopify", "square", "back_office"])
def test_what_the_mapping_reads_has_no_draft(vendor: str) -> None:
    assert check_drop(find_folder("data/vendors") / vendor / "book", Month("2026-04")).draft == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff\xfeo\x00", b"PK\x03\x04", b"\n\n"])
@pytest.mark.parametrize("name", ["orders.csv", "Other.csv", "Other.csv.gz", "o.xlsx", "o.parquet"])
def test_a_file_that_cannot_be_read_stops_as_ever(
    tmp_path: Path, name: str, content: bytes
) -> None:
    files = {"members.csv": drop()["members.csv"], name: content}
    found = upline("check", "2020-01", "--book", write_book(tmp_path / "book", files))
    assert found.code == 2 and found.err.startswith("upline: stopped: ")


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book")
    os.mkfifo(book / "2020-01" / "returns.csv")
    assert "a named pipe" in (check(book).stopped or "")


def test_a_text_of_toml_has_no_control_characters() -> None:
    assert toml_text('a"\\\t\x7f\u202e') == '"a\\"\\\\\\t\\U0000007F\\U0000202E"'


GERMAN = """\
Bestellnummer;Bestelldatum;Auftragsart;Beraterin;E-Mail;Land;Betrag;Währung;Punkte
1001;10.01.2020 10:00;sale;M1;kim@x.example;NL;1.234,50;EUR;600
1002;11.01.2020 18:30;sale;M1;lee@x.example;NL;99,90;EUR;50
"""
FRENCH = """\
N° de commande,Date de commande,Type,Vendeur,Courriel,Pays,Montant,Devise,Points
1,2020/01/10 10:00,sale,M1,kim@x.example,NL,"1 234,50",EUR,"600"
2,2020/01/11 18:30,sale,M1,lee@x.example,NL,"99,90",EUR,50
"""
ENGLISH = """\
Order number,Order Date,Channel,Rep,Email,Country Code,Total,Currency Code,Volume
1,"Jan 10, 2020",sale,M1,kim@x.example,NL,"1,234.50",EUR,600
2,"Jan 11, 2020",sale,M1,lee@x.example,NL,99.90,EUR,50
"""


@pytest.mark.parametrize(
    ("name", "text", "settings", "formats"),
    [
        ("Verkauf.csv", GERMAN, ['delimiter = ";"', 'decimal = ","', 'thousands = "."'],
         ['ordered_at = "%d.%m.%Y %H:%M"']),
        ("ventes.csv", FRENCH, ['decimal = ","', 'thousands = " "'],
         ['ordered_at = "%Y/%m/%d %H:%M"']),
        ("sales.csv", ENGLISH, ['thousands = ","'], ['ordered_at = "%b %d, %Y"']),
    ],
)  # fmt: skip
def test_other_words_and_forms_are_read_with_the_draft(
    tmp_path: Path, name: str, text: str, settings: list[str], formats: list[str]
) -> None:
    files = drop()
    del files["orders.csv"]
    book = write_book(tmp_path / "book", {**files, name: text})
    draft = check(book).draft
    at = draft.index("[orders.columns]")
    assert draft[:at] == [f"# {name} seems to be orders", "[orders]", f'file = "{name}"', *settings]
    assert draft[draft.index("[orders.formats]") + 1 :] == formats
    found = pasted(book, "2020-01")
    assert (found.stopped, found.draft, found.quarantine) == (None, [], [])
    [orders] = [load for load in found.loads if load.table == "orders"]
    assert orders.loaded == 2


def test_a_form_that_may_be_two_is_told_and_not_in_force(tmp_path: Path) -> None:
    rows = [row("orders", order_id=f"O{day}", ordered_at=f"0{day}/02/2020", amount="1,234",
                bv="1,000") for day in (1, 2)]  # fmt: skip
    draft = check(write_book(tmp_path / "book", drop(orders=rows))).draft
    assert draft == [
        "# orders.csv",
        "[orders]",
        'thousands = ","',
        "[orders.formats]",
        '# ordered_at = "%d/%m/%Y"  # or "%m/%d/%Y": the first cells fit each',
    ]


def test_one_bad_cell_among_good_ones_asks_for_no_format(tmp_path: Path) -> None:
    rows = [row("orders"), row("orders", order_id="O2", ordered_at="yesterday", amount="1,5")]
    assert check(write_book(tmp_path / "book", drop(orders=rows))).draft == []


def test_a_form_that_is_not_known_is_said(tmp_path: Path) -> None:
    draft = check(
        write_book(tmp_path / "book", drop(orders=[row("orders", ordered_at="week 7")]))
    ).draft
    assert draft[-1] == '# ordered_at = "…"  # its cells have no form that is known'


@pytest.mark.parametrize("name", ["members_2.csv", "return.csv", "export.csv"])
def test_message_and_draft_name_the_same_table(tmp_path: Path, name: str) -> None:
    """A file's columns tell more than its name, also to `close`."""
    files = drop()
    orders = files.pop("orders.csv")
    book = write_book(tmp_path / "book", {**files, name: orders})
    found = check(book)
    assert found.draft[0] == f"# {name} seems to be orders"
    assert "did you mean 'orders'? Then name it orders.csv" in (found.stopped or "")
    done = upline("close", "2020-01", "--book", book, "--home", tmp_path / "home")
    assert "did you mean 'orders'?" in done.err


def test_two_files_that_nobody_reads_are_not_the_same_table(tmp_path: Path) -> None:
    files = drop()
    orders = files.pop("orders.csv")
    lines = csv_text("order_lines", [row("order_lines")])
    book = write_book(tmp_path / "book", {**files, "a.csv": lines, "b.csv": orders})
    found = check(book)
    assert [line for line in found.draft if line.startswith("# ")] == [
        "# a.csv seems to be order_lines", "# b.csv seems to be orders",
    ]  # fmt: skip
    assert "a.csv: is no table's file, did you mean 'order_lines'?" in (found.stopped or "")
    assert "b.csv: is no table's file, did you mean 'orders'?" in (found.stopped or "")


def test_a_copy_of_a_file_that_is_there_is_told_as_that(tmp_path: Path) -> None:
    files = drop()
    book = write_book(tmp_path / "book", {**files, "orders copy.csv": files["orders.csv"]})
    found = check(book)
    assert "orders.csv holds orders already: take this one out" in (found.stopped or "")
    assert "comes near no table that the drop lacks" in found.draft[0]
