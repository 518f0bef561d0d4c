"""The first sheet of finance.xlsx: what the other sheets add up to, and the proof of the month.

Belongs here: what the summary says and how it looks. Its totals are formulas with their values, so
that they show where nothing recalculates and stay right where somebody changes a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.reports.workbook.proof import DIFFERENCE, line_of
from pipelines.reports.workbook.sheets import PROOF, Sheet, Total, titled

MONEY, COUNT = "#,##0.00", "#,##0"
TOTALS = ("Sheet", "Rows", "Column", "Total")
LINES = ("Line", "Difference", "Reconciliation", "From the sheets", "Which cells those are")
WIDTHS = (30, 14, 20, 20, 52)
NOTE = "Note"
FIGURES = ("Rows", "Total", "Difference", "Reconciliation", "From the sheets")
HEADER = {"bold": True, "bottom": 1}
HEADER_ROW = 3


@dataclass(frozen=True)
class _Page:
    """The sheet that is written, and the looks of its cells."""

    sheet: Worksheet
    left: Format
    bold: Format
    money: Format
    count: Format
    heads: Mapping[bool, Format]

    def write_heads(self, row: int, names: tuple[str, ...]) -> None:
        """Write titles into a row, those of figures to the right."""
        for index, name in enumerate(names):
            self.sheet.write_string(row, index, name, self.heads[name in FIGURES])


def write_summary(
    book: xlsxwriter.Workbook,
    title: str,
    is_trial: bool,
    sheets: list[Sheet],
    proof: list[tuple[str, Decimal]],
) -> tuple[Worksheet, int]:
    """Write the summary, the workbook's first sheet.

    In: the sheets that follow, and the lines of the reconciliation, which is one of them. Out: the
    sheet, and how many rows it has.
    """
    page = _Page(
        book.add_worksheet("Summary"),
        book.add_format({"indent": 1}),
        book.add_format({"bold": True, "indent": 1}),
        book.add_format({"num_format": MONEY}),
        book.add_format({"num_format": COUNT}),
        {
            True: book.add_format(HEADER | {"align": "right"}),
            False: book.add_format(HEADER | {"align": "left", "indent": 1}),
        },
    )
    large = book.add_format({"bold": True, "font_size": 14, "indent": 1})
    page.sheet.write_string(0, 0, title, large)
    if is_trial:
        mark = book.add_format({"bold": True, "bg_color": "#FFD84A", "indent": 1})
        page.sheet.write_string(1, 0, "TRIAL: nothing here is sealed.", mark)
    for index, (name, width) in enumerate(zip(LINES, WIDTHS, strict=True)):
        page.sheet.set_column(index, index, width, None if name in FIGURES else page.left)
    page.sheet.freeze_panes(HEADER_ROW + 1, 0)
    row = _write_totals(page, sheets)
    return page.sheet, _write_proof(page, row + 1, {each.name: each for each in sheets}, proof)


def _write_totals(page: _Page, sheets: list[Sheet]) -> int:
    """One line for each amount of each sheet; out: the row after them."""
    is_any_cut = any(sheet.is_cut for sheet in sheets)
    page.write_heads(HEADER_ROW, (*TOTALS, NOTE) if is_any_cut else TOTALS)
    row = HEADER_ROW + 1
    for sheet in sheets:
        page.sheet.write_string(row, 0, titled(sheet.name))
        page.sheet.write_number(row, 1, sheet.rows, page.count)
        if sheet.is_cut:
            note = f"here the first {sheet.shown:,} rows; all of them in {sheet.name}.csv"
            page.sheet.write_string(row, 4, note)
        for total in sheet.totals:
            told = titled(total.column) + (f", {total.currency}" if total.currency else "")
            page.sheet.write_string(row, 2, told, page.left)
            if sheet.is_cut:
                page.sheet.write_number(row, 3, total.sum, page.money)
            else:
                formula = _sum_formula(sheet, total)
                page.sheet.write_formula(row, 3, formula, page.money, float(total.sum))
            row += 1
        row += 0 if sheet.totals else 1
    return row


def _sum_formula(sheet: Sheet, total: Total) -> str:
    cells = sheet.range_of(total.column)
    if total.currency is None:
        return f"=SUM({cells})"
    return f'=SUMIFS({cells},{sheet.range_of("currency")},"{total.currency}")'


def _write_proof(
    page: _Page, row: int, sheets: Mapping[str, Sheet], proof: list[tuple[str, Decimal]]
) -> int:
    """Each line of the reconciliation beside the same from the other sheets; out: the last row."""
    sheet = page.sheet
    sheet.write_string(row, 0, "Proof that the month's BV is all there", page.bold)
    page.write_heads(row + 1, LINES)
    first = row + 2
    places = {line: first + place for place, (line, _) in enumerate(proof)}
    for place, (line, bv) in enumerate(proof):
        at = places[line]
        sheet.write_string(at, 0, titled(line))
        sheet.write_formula(at, 1, f"=ROUND(D{at + 1}-C{at + 1},2)", page.money, 0.0)
        sheet.write_formula(at, 2, f"={PROOF}!B{place + 2}", page.money, float(bv))
        formula, told = _formula(line, places, sheets)
        if formula is None:
            sheet.write_number(at, 3, bv, page.money)
        else:
            sheet.write_formula(at, 3, formula, page.money, float(bv))
        sheet.write_string(at, 4, told, page.left)
    last = first + len(proof)
    sheet.write_string(last, 0, "All of it holds", page.bold)
    holds = f'=IF(SUMPRODUCT(ABS(B{first + 1}:B{last}))+ABS(D{last})=0,"yes","NO")'
    sheet.write_formula(last, 1, holds, page.heads[True], "yes")
    return last


def _formula(
    line: str, places: Mapping[str, int], sheets: Mapping[str, Sheet]
) -> tuple[str | None, str]:
    if line != DIFFERENCE:
        return line_of(line, sheets)
    net, house, members = (places[name] + 1 for name in ("net", "house_net", "volume_total"))
    return f"=ROUND(D{net}-D{house}-D{members},2)", "net less the house's and the members'"
