"""finance.xlsx: the month's finance reports as sheets, and a summary that adds them up.

Belongs here: which sheets there are and how they come about: a library writes the frame of each,
the engine its rows. Each sheet is its CSV, cell for cell; numbers and dates are real ones, and a
text is never run as a formula or a link. What the summary says is in summary.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time

import duckdb
import xlsxwriter

from pipelines.months import Month
from pipelines.reports.csv_files import printed_columns
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.workbook.sheet_rows import column_name, is_amount, is_number, written_rows
from pipelines.reports.workbook.summary import HEADER, MONEY, Sheet, write_summary
from pipelines.reports.workbook.zip_files import write_zip
from pipelines.rules.models import Model, rows_of

NAME = "finance.xlsx"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
RATE, DAY, WHOLE, TEXT = "0.00##", "yyyy-mm-dd", "0", "@"
# Sums of these say nothing: a line is no addend, and a member's downline is in many figures.
PROOF = "reconciliation"
NOT_ADDED = ("group_bv", "payline_bv")
BV = re.compile(r"(^|_)bv(_|$)")
WIDEST = 40
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
    sheets = [_read_sheet(con, model, month) for model in finance]
    proof = con.execute(
        "select line, bv from finance.reconciliation where close_month = $1 order by place",
        [month.text],
    ).fetchall()
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, OPTIONS) as book:
        title = f"{reported.policy.company.name}: finance, {month}"
        created = datetime.combine(month.next.start, time())
        book.set_properties({"title": title, "created": created})
        write_summary(book, title, reported.is_trial, sheets, proof)
        for sheet in sheets:
            _write_frame(book, sheet)
    (folder / "finance").mkdir(parents=True, exist_ok=True)
    write_zip(folder / "finance" / NAME, _filled(con, frame, sheets, month))


def _read_sheet(con: duckdb.DuckDBPyConnection, model: Model, month: Month) -> Sheet:
    columns = printed_columns(con, model)
    is_one = "currency" not in columns or _currencies(con, model, month) <= 1
    added = [
        name
        for name, kind in columns.items()
        if is_amount(kind)
        and name not in NOT_ADDED
        and model.name != PROOF
        and (is_one or BV.search(name))
    ]
    sums = [f'coalesce(sum("{name}"), 0)' for name in added]
    lengths = [f'coalesce(max(length(cast("{name}" as varchar))), 0)' for name in columns]
    [(rows, *found)] = con.execute(
        f"select {', '.join(['count(*)', *lengths, *sums])} from {rows_of(model, month.text)}"
    ).fetchall()
    longest, totals = found[: len(columns)], found[len(columns) :]
    widths = [
        # A name needs room for the filter's arrow, a figure for its thousands apart.
        min(WIDEST, max(len(name) + 3, length + (4 if is_number(columns[name]) else 2)))
        for name, length in zip(columns, longest, strict=True)
    ]
    return Sheet(model, columns, rows, dict(zip(added, totals, strict=True)), widths)


def _currencies(con: duckdb.DuckDBPyConnection, model: Model, month: Month) -> int:
    """In how many currencies a report's rows are: money of several is not added up."""
    [(found,)] = con.execute(
        f"select count(distinct currency) from {rows_of(model, month.text)}"
    ).fetchall()
    return int(found)


def _write_frame(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    """A sheet without its rows: header, widths, formats, filter."""
    page = book.add_worksheet(sheet.model.name)
    for index, (name, kind) in enumerate(sheet.columns.items()):
        sides = {"align": "right"} if is_number(kind) else {"align": "left", "indent": 1}
        form = book.add_format({"num_format": _number_format(kind)} | sides)
        page.set_column(index, index, sheet.widths[index], form)
        page.write_string(0, index, name, book.add_format(HEADER | sides))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, sheet.shown, len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _number_format(kind: str) -> str:
    if kind == "DATE":
        return DAY
    if kind.startswith("DECIMAL"):
        return MONEY if is_amount(kind) else RATE
    return WHOLE if is_number(kind) else TEXT


def _filled(
    con: duckdb.DuckDBPyConnection, frame: io.BytesIO, sheets: list[Sheet], month: Month
) -> Iterator[tuple[str, bytes | bytearray]]:
    """The parts of the workbook, each report's sheet with its rows."""
    with zipfile.ZipFile(frame) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            found = SHEET_FILE.fullmatch(name)
            if found and int(found[1]) > 1:  # the first one is the summary
                yield name, _with_rows(con, content, sheets[int(found[1]) - 2], month)
            else:
                yield name, content


def _with_rows(
    con: duckdb.DuckDBPyConnection, content: bytes, sheet: Sheet, month: Month
) -> bytearray:
    """A sheet's XML with the engine's rows below its header."""
    styles = [int(style) for style in COLUMN_STYLE.findall(content)]
    last = f"{column_name(len(sheet.columns) - 1)}{sheet.shown + 1}"
    head, end, tail = content.partition(b"</sheetData>")
    head = DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), head)
    source, order = rows_of(sheet.model, month.text), sheet.model.order or "1"
    filled = bytearray(head)
    for rows in written_rows(con, sheet.columns, styles, source, order):
        filled += rows
    filled += end + tail
    return filled
