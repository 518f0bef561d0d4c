"""finance.xlsx: the month's finance reports as sheets, and a summary that adds them up.

Belongs here: which sheets there are and how they come about: a library writes the frame of each,
the engine its rows. Each sheet is its CSV, cell for cell, with readable titles, and names beside
the ids of members; numbers and dates are real ones, and a text is never run as a formula or a link.
What a sheet holds is in `sheets`, what the first one says in `summary`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time

import duckdb
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.workbook.sheet_rows import column_name, is_amount, is_number, written_rows
from pipelines.reports.workbook.sheets import Sheet, read_sheet, titled
from pipelines.reports.workbook.summary import HEADER, LINES, MONEY, write_summary
from pipelines.reports.workbook.zip_files import write_zip
from pipelines.rules.report_shapes import REPORT_SHAPES

NAME = "finance.xlsx"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
RATE, DAY, WHOLE, TEXT = "0.00##", "yyyy-mm-dd", "0", "@"
A4 = 9
# A line above or below a printed sheet holds 255 characters, marks included.
LONGEST_COMPANY = 60
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
SHEET_FILE = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
COLUMN_STYLE = re.compile(rb'<col [^>]*style="(\d+)"')
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


def write_workbook(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> None:
    """Write finance/finance.xlsx, whose sheets are the CSV files of finance."""
    month, folder = reported.month, reported.folder
    finance = sorted(
        (model for model in reported.printed if model.programme == "finance"),
        key=lambda model: model.name,
    )
    sheets = [read_sheet(con, model, month) for model in finance]
    proof = con.execute(
        "select line, bv from finance.reconciliation where close_month = $1 order by place",
        [month.text],
    ).fetchall()
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, OPTIONS) as book:
        title = f"{reported.policy.company.name}: finance, {month}"
        created = datetime.combine(month.next.start, time())
        book.set_properties({"title": title, "created": created})
        summary, last = write_summary(book, title, reported.is_trial, sheets, proof)
        _lay_out(summary, reported, "Summary", last, len(LINES) - 1)
        for sheet in sheets:
            page = _write_frame(book, sheet)
            _lay_out(page, reported, f"{sheet.name}.csv", sheet.shown, len(sheet.columns) - 1)
    (folder / "finance").mkdir(parents=True, exist_ok=True)
    write_zip(folder / "finance" / NAME, _filled(con, frame, sheets))


def _lay_out(
    page: Worksheet, reported: ReportedMonth, told: str, last_row: int, last_column: int
) -> None:
    """How a sheet is printed: its area, on paper lying down, with a line above and one below."""
    company = reported.policy.company.name
    company = company if len(company) <= LONGEST_COMPANY else f"{company[:LONGEST_COMPANY]}…"
    company = UNPRINTABLE.sub("", company).replace("&", "&&")
    mark = "TRIAL, nothing is sealed" if reported.is_trial else "Closed"
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.print_area(0, 0, last_row, last_column)
    page.set_header(f"&L{company}&C{told}&R{reported.month}")
    page.set_footer(f"&L{mark}&RPage &P of &N")


def _write_frame(book: xlsxwriter.Workbook, sheet: Sheet) -> Worksheet:
    """A sheet without its rows: header, widths, formats, filter."""
    page = book.add_worksheet(sheet.name)
    for index, (name, kind) in enumerate(sheet.columns.items()):
        sides = {"align": "right"} if is_number(kind) else {"align": "left", "indent": 1}
        form = book.add_format({"num_format": _number_format(kind)} | sides)
        page.set_column(index, index, sheet.widths[index], form)
        page.write_string(0, index, titled(name), book.add_format(HEADER | sides))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, sheet.shown, len(sheet.columns) - 1)
    page.repeat_rows(0)
    return page


def _number_format(kind: str) -> str:
    if kind == "DATE":
        return DAY
    if kind.startswith("DECIMAL"):
        return MONEY if is_amount(kind) else RATE
    return WHOLE if is_number(kind) else TEXT


def _filled(
    con: duckdb.DuckDBPyConnection, frame: io.BytesIO, sheets: list[Sheet]
) -> Iterator[tuple[str, bytes | bytearray]]:
    """The parts of the workbook, each report's sheet with its rows."""
    with zipfile.ZipFile(frame) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            found = SHEET_FILE.fullmatch(name)
            if found and int(found[1]) > 1:  # the first one is the summary
                yield name, _with_rows(con, content, sheets[int(found[1]) - 2])
            else:
                yield name, content


def _with_rows(con: duckdb.DuckDBPyConnection, content: bytes, sheet: Sheet) -> bytearray:
    """A sheet's XML with the engine's rows below its header."""
    styles = [int(style) for style in COLUMN_STYLE.findall(content)]
    last = f"{column_name(len(sheet.columns) - 1)}{sheet.shown + 1}"
    head, end, tail = content.partition(b"</sheetData>")
    head = DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), head)
    order = sheet.model.order or "1"
    filled = bytearray(head)
    plain = REPORT_SHAPES[sheet.model.table].plain_columns
    for rows in written_rows(con, sheet.columns, styles, sheet.source, order, plain):
        filled += rows
    filled += end + tail
    return filled
