"""The first sheet of finance.xlsx: what the other sheets add up to, and the proof of the month.

Belongs here: what the summary says and how it looks. Its totals are formulas with their values, so
that they show where nothing recalculates and stay right where somebody changes a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.reports.workbook.sheet_rows import MOST_ROWS, column_name
from pipelines.rules.models import Model

MONEY, COUNT = "#,##0.00", "#,##0"
COLUMNS = {"Sheet": 28, "Rows": 12, "Column": 18, "Total": 18, "Note": 50}
FIGURES = ("Rows", "Total")
HEADER = {"bold": True, "bottom": 1}
HEADER_ROW = 3


@dataclass(frozen=True)
class Sheet:
    """One report as a sheet: its columns with types, how many rows, the sum of each amount."""

    model: Model
    columns: dict[str, str]
    rows: int
    sums: dict[str, Decimal]
    widths: list[int]

    @property
    def shown(self) -> int:
        """How many of its rows a sheet can hold."""
        return min(self.rows, MOST_ROWS)

    @property
    def is_cut(self) -> bool:
        """Whether the CSV has more rows than a sheet can hold."""
        return self.rows > self.shown


def write_summary(
    book: xlsxwriter.Workbook,
    title: str,
    is_trial: bool,
    sheets: list[Sheet],
    proof: list[tuple[str, Decimal]],
) -> None:
    """Write the summary, the workbook's first sheet.

    In: the sheets that follow, and the lines of the reconciliation, which is one of them.
    """
    page: Worksheet = book.add_worksheet("Summary")
    indented = book.add_format({"indent": 1})
    bold, money = (
        book.add_format({"bold": True, "indent": 1}),
        book.add_format({"num_format": MONEY}),
    )
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14, "indent": 1}))
    if is_trial:
        mark = book.add_format({"bold": True, "bg_color": "#FFD84A", "indent": 1})
        page.write_string(1, 0, "TRIAL: nothing here is sealed.", mark)
    for index, (name, width) in enumerate(COLUMNS.items()):
        page.set_column(index, index, width, None if name in FIGURES else indented)
        sides = {"align": "right"} if name in FIGURES else {"align": "left", "indent": 1}
        page.write_string(HEADER_ROW, index, name, book.add_format(HEADER | sides))
    page.freeze_panes(HEADER_ROW + 1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    row = _write_totals(page, sheets, money, book.add_format({"num_format": COUNT}))
    page.write_string(row + 1, 0, "Proof that the month's BV is all there", bold)
    for place, (line, bv) in enumerate(proof):
        page.write_string(row + 2 + place, 0, line)
        formula = f"=reconciliation!B{place + 2}"
        page.write_formula(row + 2 + place, 3, formula, money, float(bv))


def _write_totals(page: Worksheet, sheets: list[Sheet], money: Format, count: Format) -> int:
    """One line for each amount of each sheet; out: the row after them."""
    row = HEADER_ROW + 1
    for sheet in sheets:
        page.write_string(row, 0, sheet.model.name)
        page.write_number(row, 1, sheet.rows, count)
        if sheet.is_cut:
            note = f"here the first {sheet.shown:,} rows; all of them in {sheet.model.name}.csv"
            page.write_string(row, 4, note)
        for name, total in sheet.sums.items():
            page.write_string(row, 2, name)
            if sheet.is_cut:
                page.write_number(row, 3, total, money)
            else:
                page.write_formula(row, 3, _sum_formula(sheet, name), money, float(total))
            row += 1
        row += 0 if sheet.sums else 1
    return row


def _sum_formula(sheet: Sheet, name: str) -> str:
    letters = column_name(list(sheet.columns).index(name))
    return f"=SUM({sheet.model.name}!{letters}2:{letters}{max(2, sheet.rows + 1)})"
