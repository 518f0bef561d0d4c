"""The quality page: what was read, what was quarantined and why, and what to do about it.

Raw text is shown only of tables that hold nobody's name, e-mail or phone.
"""

from __future__ import annotations

from typing import Any

from pipelines.extracts.shapes import SHAPES
from pipelines.reports.look.formats import ratio
from pipelines.reports.look.tables import Column, Row, Table, whole_table
from pipelines.reports.look.words import ADVICE, TOLD
from pipelines.reports.pages.month_view import MonthView, read_query

CODES = (
    "missing", "type", "value", "duplicate", "conflict", "changed", "reference", "before_order",
    "exceeds_order", "already_linked",
)  # fmt: skip
SAMPLES, RAW_CHARACTERS = 5, 160
LOADS = read_query("quality/loads")
MATRIX = read_query("quality/matrix")
BY_CODE = read_query("quality/by_code")
BY_COLUMN = read_query("quality/by_column")
SAMPLE = read_query("quality/sample")
NOTES = read_query("quality/notes")
SOURCES = read_query("quality/sources")
LEFT_OUT = read_query("quality/left_out")
BY_MONTH = read_query("quality/by_month")


def page(view: MonthView) -> dict[str, Any]:
    """What the quality page shows."""
    loads = view.rows(LOADS)
    return {
        "lead_queries": (LOADS.name, BY_CODE.name),
        "rows": sum(row["rows"] for row in loads),
        "loaded": sum(row["loaded"] for row in loads),
        "known": sum(row["known_already"] for row in loads),
        "quarantined": sum(row["quarantined"] for row in loads),
        "limit": view.policy.max_quarantined_share,
        "trend": view.trend("quarantine-trend", "Rows quarantined by month", BY_MONTH,
                            {"quarantined": "Rows"}, "count"),
        "matrix": _matrix(view),
        "columns": _columns(view),
        "codes": _codes(view),
        "loads": _loads(loads),
        "sources": _sources(view),
        "left_out": _left_out(view),
        "notes": _notes(view),
    }  # fmt: skip


def personal_tables() -> list[str]:
    """The tables whose rows can name somebody."""
    return [name for name, shape in SHAPES.items()
            if any(cell.is_personal for cell in shape.cells.values())]  # fmt: skip


def _matrix(view: MonthView) -> Table:
    found: dict[str, Row] = {}
    for row in view.rows(MATRIX):
        line = found.setdefault(row["table"], {"table": row["table"], "file": row["file"]})
        line[row["code"]] = row["cells"]
    used = [code for code in CODES if any(code in row for row in found.values())]
    rows = [
        row
        | {code: row.get(code) for code in used}
        | {"all": sum(row.get(code, 0) for code in used)}
        for row in found.values()
    ]
    columns = (
        Column("table", "Table", "id"), Column("file", "File", "id"),
        *(Column(code, TOLD[code], "count") for code in used), Column("all", "In all", "count"),
    )  # fmt: skip
    totals = {name: sum(row[name] or 0 for row in rows) for name in (*used, "all")}
    return whole_table("matrix", "What was quarantined, by table and code", columns, rows,
                       csv="quarantine.csv", query=MATRIX.name, totals=totals if rows else {},
                       note="A row with several bad cells is counted for each.",
                       empty="Nothing was quarantined.")  # fmt: skip


def _columns(view: MonthView) -> Table:
    columns = (
        Column("table", "Table", "id"), Column("cell", "Column"), Column("code", "Code", "code"),
        Column("entries", "Entries", "count"), Column("bar", kind="bar"),
        Column("first_line", "First at line", "count"),
    )  # fmt: skip
    return view.table("columns", "Where it goes wrong most", columns, BY_COLUMN, shown=20,
                      csv="quarantine.csv", empty="Nothing was quarantined.")  # fmt: skip


def _codes(view: MonthView) -> list[dict[str, Any]]:
    """Each code that occurs: its meaning, what to do, its counts and first samples."""
    counts = {row["code"]: row for row in view.rows(BY_CODE)}
    return [
        counts[code] | {"told": TOLD[code], "advice": ADVICE[code], "samples": _samples(view, code)}
        for code in CODES
        if code in counts
    ]


def _samples(view: MonthView, code: str) -> Table:
    # A query's row comes from a file that may name somebody, whatever its table holds.
    made = [row["table"] for row in view.rows(LOADS) if row["file"].endswith(".sql")]
    rows = view.rows(f"{SAMPLE} limit {SAMPLES}", code=code, characters=RAW_CHARACTERS,
                     personal=[*personal_tables(), *made])  # fmt: skip
    columns: tuple[Column, ...] = (
        Column("table", "Table", "id"), Column("line", "Line", "count"),
        Column("key", "Key", "long"), Column("column", "Column"),
    )  # fmt: skip
    if any(row["raw"] is not None for row in rows):
        columns = (*columns, Column("raw", "The row as it came", "raw"))
    return whole_table(f"samples-{code}", f"First rows listed as {code}", columns, rows,
                       csv="quarantine.csv", query=SAMPLE.name)  # fmt: skip


def _loads(loads: list[Row]) -> Table:
    rows = [row | {"part": ratio(row["quarantined"], row["rows"])} for row in loads]
    columns = (
        Column("table", "Table", "id"), Column("file", "File", "id"),
        Column("rows", "Rows", "count"),
        Column("loaded", "Loaded", "count"), Column("known_already", "Known already", "count"),
        Column("quarantined", "Quarantined", "count"), Column("part", "Share", "share"),
    )  # fmt: skip
    names = ("rows", "loaded", "known_already", "quarantined")
    totals = {name: sum(row[name] for row in loads) for name in names}
    return whole_table("loads", "The drop's files", columns, rows, totals=totals,
                       query=LOADS.name, note=note_on_loads(loads))  # fmt: skip


def note_on_loads(loads: list[Row]) -> str:
    """Why the counts of a drop's files do not add up, where they do not."""
    told = sum(row["loaded"] + row["known_already"] + row["quarantined"] - row["rows"]
               for row in loads)  # fmt: skip
    return (
        "A member with a bad cell is loaded without that cell, and counts as quarantined too."
        if told else ""
    )  # fmt: skip


def _sources(view: MonthView) -> Table | None:
    """The files that the mapping's queries read; None where there are none."""
    rows = view.rows(SOURCES)
    if not rows:
        return None
    columns = (
        Column("source", "Source", "id"), Column("file", "File", "id"),
        Column("rows", "Rows", "count"), Column("taken", "In a table", "count"),
        Column("left_out", "In no table", "count"),
    )  # fmt: skip
    totals = {name: sum(row[name] for row in rows) for name in ("rows", "taken", "left_out")}
    return whole_table("sources", "What the mapping's queries took", columns, rows, totals=totals,
                       query=SOURCES.name,
                       note="A row counts once, in however many tables it is.")  # fmt: skip


def _left_out(view: MonthView) -> Table | None:
    """By which condition rows of sources are in no table; None where all are in one."""
    rows = view.rows(LEFT_OUT)
    if not rows:
        return None
    columns = (
        Column("source", "Source", "id"), Column("file", "File", "id"),
        Column("table", "Left out by", "id"), Column("condition", "Condition not met", "long"),
        Column("rows", "Rows", "count"),
    )  # fmt: skip
    return whole_table("left-out", "Rows in no table, by the first condition they do not meet",
                       columns, rows, query=LEFT_OUT.name,
                       note="Told for each query that reads the file. A row that meets all of them "
                            "was joined, grouped or stood for by another one.")  # fmt: skip


def _notes(view: MonthView) -> Table:
    columns = (Column("table", "Table", "id"), Column("note", "Note", "long"))
    return view.table("notes", "Notes", columns, NOTES, empty="Nothing to note.")
