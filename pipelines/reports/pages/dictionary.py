"""The data dictionary of a month: what every column of its CSV files means, from the shapes, and
the queries that its pages are read by.
"""

from __future__ import annotations

from typing import Any

from pipelines.book.programmes import PROGRAMMES
from pipelines.reports.dictionary.entries import report_entry
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.month_view import MonthView, query_names, read_query
from pipelines.reports.reported_month import ReportedMonth
from pipelines.rules.report_shapes import QUARANTINE, REPORT_SHAPES, ReportShape
from schemas.words import WRITTEN

FILE = "dictionary.html"
# The folders of queries that are no programme's own.
SHARED_QUERIES = ("month", "figures", "checks", "money")
PACKS = "Leaders' packs"
COLUMNS = (
    Column("name", "Column", "id"), Column("type", "Type"), Column("there", "Always there", "sign"),
    Column("meaning", "Meaning", "long"),
)  # fmt: skip


def dictionary_page(view: MonthView, reported: ReportedMonth, pages: list[str]) -> dict[str, Any]:
    """What the page shows: the month's reports by programme, what the types look like, and every
    query that the pages are read by, with what it may name.
    """
    printed = {model.table for model in reported.printed} | {QUARANTINE.table}
    made = {model.table for model in reported.models}
    shapes = [
        shape
        for table, shape in REPORT_SHAPES.items()
        if table in (made if shape.each else printed)
    ]
    titles = {name: programme.title for name, programme in PROGRAMMES.items()} | {"leaders": PACKS}
    parts = [
        (title, [_report(shape) for shape in shapes if shape.programme == name])
        for name, title in titles.items()
    ]
    folders = [*SHARED_QUERIES, *pages]
    return {
        "parts": [part for part in parts if part[1]],
        "types": _types(shapes),
        "queries": [read_query(name) for name in query_names(folders)],
        "parameters": view.parameters,
    }


def _report(shape: ReportShape) -> tuple[ReportShape, Table]:
    rows: list[dict[str, Any]] = [
        {"name": name, "type": kind, "there": is_there, "meaning": told}
        for name, is_there, kind, told in report_entry(shape).columns
    ]
    return shape, whole_table(shape.name.replace("/", "-"), shape.name, COLUMNS, rows)


def _types(shapes: list[ReportShape]) -> Table:
    used = {cell.form for shape in shapes for cell in shape.cells.values()}
    rows: list[dict[str, Any]] = [
        {"type": form, "told": told} for form, told in WRITTEN.items() if form in used
    ]
    columns = (Column("type", "Type", "id"), Column("told", "How it is written", "long"))
    return whole_table("types", "Types", columns, rows)
