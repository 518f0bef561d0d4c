"""The month's first page: what to decide, the main figures, the way to everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.book.programmes import PROGRAMMES, SECTIONS, has_section
from pipelines.reports.look.formats import month_name
from pipelines.reports.look.tables import Column, Table, whole_table
from pipelines.reports.pages.checklist import checklist
from pipelines.reports.pages.figures import compared_with, figures_data, history, month_figures
from pipelines.reports.pages.money import journal_table, money_table
from pipelines.reports.pages.month_view import MonthView, read_query
from pipelines.reports.pages.quality import note_on_loads
from pipelines.reports.reported_month import ReportedMonth

MOST_LEADERS = 200
FIRST = ("net", "posted", "taken_back", "house")
LOADS = read_query("month/loads")
NET_BY_MONTH = read_query("month/net_by_month")
LEADERS = read_query("month/leaders")
SEAL_BEFORE = read_query("month/seal_before")


def month_page(
    view: MonthView,
    files: Mapping[str, Sequence[str]],
    pages: list[str],
    reported: ReportedMonth,
) -> dict[str, Any]:
    """What the month's first page shows.

    In: the names of each programme's files, the pages that run, and what is reported.
    """
    inputs = reported.inputs
    figures = month_figures(view, pages)
    checks = checklist(view, pages)
    leaders = [row["leader_id"] for row in view.rows(LEADERS)]
    return {
        "first": [figure for figure in figures if figure.key in FIRST],
        "figures": [figure for figure in figures if figure.key not in FIRST],
        "history": history(view, figures),
        "compared_with": compared_with(view),
        "year_ago": month_name(view.year_ago.text) if view.year_ago in view.months else "",
        "money": money_table(view),
        "journal": journal_table(view),
        "trend": view.trend("net-trend", "Net BV by month", NET_BY_MONTH, {"bv": "Net BV"}),
        "looks": [check for check in checks if check.state != "passed"],
        "fine": [check for check in checks if check.state == "passed"],
        "new_looks": sum(check.state == "new" for check in checks),
        "standing_looks": sum(check.state == "standing" for check in checks),
        "sign_off": view.policy.sign_off,
        "figure_queries": [f"figures/{page}" for page in pages],
        "leaders_query": LEADERS.name,
        "reports": _reports(view, files, pages),
        "leaders": leaders[:MOST_LEADERS],
        "all_leaders": len(leaders),
        "are_packs_zipped": reported.has_zipped_packs(len(leaders)),
        "switched_off": [
            told for section, told in SECTIONS.items() if not has_section(view.policy, section)
        ],
        "titles": {each.name: each.title for each in PROGRAMMES.values()},
        "loads": _loads(view, inputs),
        "policy_digest": inputs["policy"] if inputs is not None else "",
        "inputs": inputs,
        "seal_before": _seal_before(view),
        "data": figures_data(view, figures, checks),
        "supersedes": reported.supersedes,
    }


def _reports(
    view: MonthView, files: Mapping[str, Sequence[str]], pages: list[str]
) -> list[tuple[str, str, list[tuple[str, int | None]]]]:
    """Each page's title and programme with its CSV files and workbook, each CSV with its rows."""
    named = {(page, name): _table(page, name) for page in pages for name in files[page]}
    rows = view.count_rows([table for table in named.values() if table])
    return [
        (
            PROGRAMMES[page].title,
            page,
            [(name, rows.get(named[page, name])) for name in files[page]],
        )
        for page in pages
    ]


def _table(programme: str, name: str) -> str:
    """The table of a CSV file; empty for a workbook."""
    return f"{programme}.{name.removesuffix('.csv')}" if name.endswith(".csv") else ""


def _loads(view: MonthView, inputs: Mapping[str, Any] | None) -> Table:
    columns = [
        Column("table", "Table", "id"), Column("file", "File", "id"),
        Column("rows", "Rows", "count"),
        Column("loaded", "Loaded", "count"), Column("known_already", "Known already", "count"),
        Column("quarantined", "Quarantined", "count"),
    ]  # fmt: skip
    rows = view.rows(LOADS)
    names = ("rows", "loaded", "known_already", "quarantined")
    if inputs is not None:
        columns.append(Column("digest", "SHA-256", "digest"))
        rows = [row | {"digest": inputs["drop"].get(row["file"], "")} for row in rows]
    totals = {name: sum(row[name] for row in rows) for name in names}
    return whole_table("loads", "The drop's files", tuple(columns), rows, totals=totals,
                       query=LOADS.name, note=note_on_loads(rows))  # fmt: skip


def _seal_before(view: MonthView) -> str | None:
    rows = view.rows(SEAL_BEFORE)
    return str(rows[0]["seal"]) if rows else None
