"""finance.xlsx: its sheets are the month's CSVs, its totals theirs, its bytes always the same."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pytest
from conftest import SAMPLE
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from pipelines.book.drops import open_book
from pipelines.months import Month
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.workbook.sheet_rows import MOST_ROWS, column_name, written_rows
from pipelines.reports.workbook.write import write_workbook
from pipelines.reports.workbook.zip_files import write_zip
from pipelines.rules.models import read_models

MONTHS = ("2020-01", "2020-02", "2020-03", "2020-04")
LAST = Month("2020-04")
SHEETS = ["Summary", "bv_ledger", "journal", "reconciliation", "sales", "statements",
          "subscription_commissions", "volume"]  # fmt: skip


def read(home: Path, month: str = LAST.text, values: bool = False) -> Workbook:
    """A month's workbook: its formulas, or the values that are cached with them."""
    return load_workbook(home / "reports" / month / "finance" / "finance.xlsx", data_only=values)


def csv_rows(home: Path, month: str, name: str) -> list[dict[str, str]]:
    path = home / "reports" / month / "finance" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def as_csv(cell: Any) -> str:
    """A cell as the CSV writes it."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, datetime):
        return cell.value.date().isoformat()
    if cell.data_type == "n" and "0.00" in cell.number_format:
        text = f"{Decimal(str(cell.value)):.4f}"
        places = 4 if "#" in cell.number_format[-2:] else 2
        return re.sub("0{1,2}$", "", text) if places == 4 else f"{Decimal(str(cell.value)):.2f}"
    return str(cell.value)


def write_again(warehouse: Path, folder: Path, is_trial: bool = False) -> Path:
    """The last month's workbook, written from a warehouse; out: its file."""
    policy = open_book(SAMPLE, LAST).policy
    reported = ReportedMonth(policy, LAST, read_models(), folder, is_trial)
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        write_workbook(con, reported)
    finally:
        con.close()
    return folder / "finance" / "finance.xlsx"


def totals(book: Workbook) -> dict[tuple[str, str], Any]:
    """The summary's totals by sheet and column."""
    found: dict[tuple[str, str], Any] = {}
    sheet = ""
    for name, _, column, total, *_ in book["Summary"].iter_rows(min_row=5, values_only=True):
        if name is None and column is None:
            return found
        sheet = as_column(name) if name else sheet
        if column:
            found[sheet, as_column(column)] = total
    raise AssertionError("no empty row ends the totals")


def as_column(title: str) -> str:
    """A title as the CSV writes it."""
    return title.lower().replace(" ", "_")


def proof(book: Workbook) -> dict[str, tuple[Any, ...]]:
    """The lines of the proof by their names: difference, reconciliation, and from the sheets."""
    rows = list(book["Summary"].iter_rows(values_only=True))
    start = next(at for at, row in enumerate(rows) if row[0] == "Line")
    return {as_column(row[0]): row[1:4] for row in rows[start + 1 :] if row[0]}


@pytest.mark.parametrize("month", MONTHS)
class TestEveryMonth:
    def test_its_sheets_are_the_finance_reports(self, closed_sample: Path, month: str) -> None:
        book = read(closed_sample, month)
        assert book.sheetnames == SHEETS
        for name in SHEETS[1:]:
            header, *rows = book[name].iter_rows()
            titles = [as_column(cell.value) for cell in header]
            found = [
                {
                    title: as_csv(cell)
                    for title, cell in zip(titles, row, strict=True)
                    if not title.endswith("_name")
                }
                for row in rows
            ]
            assert found == csv_rows(closed_sample, month, name), name

    def test_its_totals_are_those_of_the_reports(self, closed_sample: Path, month: str) -> None:
        found = totals(read(closed_sample, month, values=True))
        assert ("bv_ledger", "bv") in found and ("volume", "group_bv") not in found
        for (sheet, named), total in found.items():
            column, _, currency = named.partition(",_")
            cells = [
                Decimal(row[column] or 0)
                for row in csv_rows(closed_sample, month, sheet)
                if not currency or row["currency"].lower() == currency
            ]
            assert Decimal(str(total)).quantize(Decimal("0.01")) == sum(cells), (sheet, named)

    def test_money_of_several_currencies_is_not_added_up(
        self, closed_sample: Path, month: str
    ) -> None:
        found = totals(read(closed_sample, month, values=True))
        for sheet in ("sales", "journal"):
            rows = csv_rows(closed_sample, month, sheet)
            is_one = len({row["currency"] for row in rows}) <= 1
            money = {"amount", "amount_reversed", "net_amount", "debit", "credit"}
            added = {column for name, column in found if name == sheet and column in money}
            apart = {column for name, column in found if name == sheet and ",_" in column}
            if rows:
                there = money & {*rows[0]}
                assert added == (there if is_one else set())
                currencies = {row["currency"].lower() for row in rows}
                told = {f"{column},_{currency}" for column in there for currency in currencies}
                assert apart == (set() if is_one else told)
        assert {("sales", "bv"), ("sales", "net_bv")} <= set(found)

    def test_its_proof_is_the_reconciliation(self, closed_sample: Path, month: str) -> None:
        told = csv_rows(closed_sample, month, "reconciliation")
        found = proof(read(closed_sample, month, values=True))
        assert found.pop("all_of_it_holds")[0] == "yes"
        for at in (1, 2):
            assert {line: f"{row[at]:.2f}" for line, row in found.items()} == {
                row["line"]: row["bv"] for row in told
            }
        assert {row[0] for row in found.values()} == {0}

    def test_names_stand_beside_the_ids_of_members(self, closed_sample: Path, month: str) -> None:
        with (SAMPLE / month / "members.csv").open(encoding="utf-8", newline="") as members:
            names = {row["member_id"]: row["name"] or None for row in csv.DictReader(members)}
        book = read(closed_sample, month)
        for sheet, id, of_none in (
            ("bv_ledger", "Member", "The house"), ("statements", "Member", "The house"),
            ("volume", "Member", None), ("subscription_commissions", "Consultant", None),
            ("journal", "Party", None),
        ):  # fmt: skip
            header, *rows = book[sheet].iter_rows(values_only=True)
            at = header.index(f"{id} ID")
            assert header[at + 1] == f"{id} name"
            assert [row[at + 1] for row in rows] == [
                names.get(row[at]) if row[at] else of_none for row in rows
            ], sheet


def test_numbers_and_dates_are_real_ones(closed_sample: Path) -> None:
    ledger = read(closed_sample)["bv_ledger"]
    by_name = dict(zip((cell.value for cell in ledger[1]), ledger[2], strict=True))
    assert by_name["Posting no"].data_type == by_name["BV"].data_type == "n"
    assert by_name["Event date"].is_date
    assert by_name["Order ID"].data_type in ("s", "inlineStr")


def test_headers_are_frozen_and_filtered(closed_sample: Path) -> None:
    book = read(closed_sample)
    for name in SHEETS[1:]:
        assert book[name].freeze_panes == "A2"
        assert book[name].auto_filter.ref == book[name].dimensions


def test_only_the_summary_has_formulas(closed_sample: Path) -> None:
    book = read(closed_sample)
    formulas = [
        (page.title, cell.value)
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas and {page for page, _ in formulas} == {"Summary"}
    lines = proof(book)
    cells, where = r"\w+![A-Z]2:[A-Z]\d+", r"(,\w+![A-Z]2:[A-Z]\d+,\"[\w=]+\")"
    for line, (_, sealed, live) in lines.items():
        if line in ("difference", "all_of_it_holds"):
            continue
        assert re.fullmatch(r"=reconciliation!B\d+", sealed)
        assert re.fullmatch(rf"=SUM\({cells}\)|=SUMIFS\({cells}{where}+\)", live), line


def test_no_column_of_the_summary_is_empty(closed_sample: Path) -> None:
    summary = read(closed_sample)["Summary"]
    titles = [cell.value for cell in summary[4]]
    assert "Note" not in titles
    for column in summary.iter_cols(min_row=5, values_only=True):
        assert any(value is not None for value in column)


def test_every_sheet_prints_its_area_with_a_header_and_a_footer(closed_sample: Path) -> None:
    for sheet in read(closed_sample):
        assert sheet.print_area.replace("$", "").endswith(sheet.dimensions)
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 0
        assert sheet.oddHeader.left.text == "Sample Wellness"
        assert sheet.oddHeader.right.text == LAST.text
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_the_same_month_gives_the_same_bytes(closed_sample: Path, tmp_path: Path) -> None:
    sealed = closed_sample / "reports" / LAST.text / "finance" / "finance.xlsx"
    again = write_again(closed_sample / "warehouse.duckdb", tmp_path)
    assert again.read_bytes() == sealed.read_bytes()
    with zipfile.ZipFile(again) as parts:
        assert parts.testzip() is None
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-05-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_a_trial_is_marked(closed_sample: Path, tmp_path: Path) -> None:
    path = write_again(closed_sample / "warehouse.duckdb", tmp_path, is_trial=True)
    assert "TRIAL" in load_workbook(path)["Summary"]["A2"].value
    assert read(closed_sample)["Summary"]["A2"].value is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "=1+1"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("https://example.com", "https://example.com"),
        ("<b>&amp;\"'</b>", "<b>&amp;\"'</b>"),
        ("  two  blanks ", "  two  blanks "),
        ("\u202eevil 🙂", "\u202eevil 🙂"),
        ("bell\x07 and tab\t", "bell and tab\t"),
    ],
)
def test_a_text_stays_a_text(text: str, shown: str) -> None:
    con = duckdb.connect()
    con.execute("create table told as select $1::varchar as told", [text])
    [row] = written_rows(con, {"told": "VARCHAR"}, [0], "told", "1")
    cell = ElementTree.fromstring(row)[0]
    assert cell.attrib == {"r": "A2", "s": "0", "t": "inlineStr"}
    assert "".join(cell.itertext()) == shown


@pytest.mark.parametrize("code", [*range(0x20), 0xFFFE, 0xFFFF], ids=hex)
def test_what_xml_cannot_hold_is_left_out(code: int) -> None:
    con = duckdb.connect()
    con.execute("create table told as select $1::varchar as told", [f"a{chr(code)}b"])
    [row] = written_rows(con, {"told": "VARCHAR"}, [0], "told", "1")
    shown = "".join(ElementTree.fromstring(row)[0].itertext())
    kept = {0x09: "\t", 0x0A: "\n", 0x0D: "\r"}
    assert shown == f"a{kept.get(code, '')}b"


def test_a_cell_without_a_value_is_left_out() -> None:
    con = duckdb.connect()
    con.execute("create table told as select null::varchar as a, null::date as b, 1::integer as c")
    columns = {"a": "VARCHAR", "b": "DATE", "c": "INTEGER"}
    [row] = written_rows(con, columns, [0, 0, 0], "told", "1")
    assert row == b'<row r="2"><c r="C2" s="0"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("day", "serial"),
    [("1900-01-01", 1), ("1900-02-28", 59), ("1900-03-01", 61), ("2020-05-31", 43982)],
)
def test_dates_count_as_excel_counts_them(day: str, serial: int) -> None:
    con = duckdb.connect()
    con.execute(f"create table told as select date '{day}' as day")
    [row] = written_rows(con, {"day": "DATE"}, [0], "told", "1")
    assert f"<v>{serial}</v>".encode() in row


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_name(index) for index in (0, 25, 26, 51, 701, 702)] == [
        "A", "Z", "AA", "AZ", "ZZ", "AAA",
    ]  # fmt: skip


def test_a_zip_file_can_be_empty_or_hold_anything(tmp_path: Path) -> None:
    write_zip(tmp_path / "empty.zip", [])
    write_zip(tmp_path / "two.zip", [("a/b.txt", b""), ("c.bin", bytes(range(256)) * 5000)])
    assert zipfile.ZipFile(tmp_path / "empty.zip").namelist() == []
    with zipfile.ZipFile(tmp_path / "two.zip") as parts:
        assert parts.testzip() is None
        assert parts.read("a/b.txt") == b"" and len(parts.read("c.bin")) == 256 * 5000


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_report_longer_than_a_sheet_says_where_all_of_it_is(
    closed_sample: Path, tmp_path: Path
) -> None:
    shutil.copyfile(closed_sample / "warehouse.duckdb", tmp_path / "big.duckdb")
    con = duckdb.connect(str(tmp_path / "big.duckdb"))
    con.execute(
        "insert into finance.volume select '2020-04', 'X' || i, 1, 1, 1 "
        f"from range({MOST_ROWS}) as more(i)"
    )
    [(rows,)] = con.execute(
        "select count(*) from finance.volume where close_month = '2020-04'"
    ).fetchall()
    con.close()
    path = write_again(tmp_path / "big.duckdb", tmp_path)
    with zipfile.ZipFile(path) as parts:
        volume = parts.read(f"xl/worksheets/sheet{SHEETS.index('volume') + 1}.xml")
    assert volume.count(b"<row ") == MOST_ROWS + 1
    shown = load_workbook(path, read_only=True)["Summary"].iter_rows(values_only=True)
    [line] = [row for row in shown if row[0] == "Volume"]
    assert line[1] == rows and "volume.csv" in line[4]
    assert not isinstance(line[3], str) and line[3] > MOST_ROWS


@pytest.mark.long
def test_libreoffice_works_out_the_same_totals(closed_sample: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    source = closed_sample / "reports" / LAST.text / "finance" / "finance.xlsx"
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(bare, "w") as target:
        for name in parts.namelist():
            # Without the cached values it has to work out every formula.
            content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", parts.read(name))
            target.writestr(name, content)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "ods", "--outdir", str(tmp_path), str(bare)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "bare.ods") as parts:
        text = parts.read("content.xml").decode()
    worked_out = re.findall(r'table:formula="[^"]*"[^>]*office:value="([^"]*)"', text)
    formulas = read(closed_sample)["Summary"]
    values = read(closed_sample, values=True)["Summary"]
    cached = [
        values[cell.coordinate].value
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and values[cell.coordinate].data_type == "n"
    ]
    assert re.search(r'table:formula="[^"]*SUMPRODUCT[^"]*"[^>]*office:string-value="yes"', text)
    assert [round(float(value), 2) for value in worked_out] == [round(value, 2) for value in cached]
    assert len(cached) > 10 and "Err:" not in text and "#REF" not in text
