"""Every report of the rules held against a second, plain reading of contract 2, on wild books."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from second_reading import SecondReading
from wild_books import MONTHS, WildBook, wild_book

from pipelines.book.drops import open_book
from pipelines.book.programmes import running_sections
from pipelines.engines.duck_rules import DuckEngine
from pipelines.extracts.check_command import load_drop
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.write import write_csv_files
from pipelines.rules.book_tables import write_book_tables
from pipelines.rules.compute import create_early_tables, run_model
from pipelines.rules.models import read_models
from pipelines.rules.parameters import parameters
from pipelines.rules.report_shapes import REPORT_SHAPES

SEEDS = [4, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in (1, 3, *range(5, 30)))]
# The proof is held by a check of its own, the quarantine by tests of the extracts.
OTHERS = ("finance/reconciliation", "quality/quarantine")


def compute(book: WildBook, folder: Path) -> Path:
    """The CSV files of all months, without pages and packs; out: the folder of the months."""
    path, reports = book.write(folder / "book"), folder / "reports"
    models = read_models()
    with open_warehouse(None) as con:
        create_early_tables(DuckEngine(con), models)
        for text in MONTHS:
            month = Month(text)
            opened = open_book(path, month)
            load_drop(con, opened, opened.drop(month))
            write_book_tables(con, opened, month)
            values, sections = (
                parameters(con, opened.policy, month),
                running_sections(opened.policy),
            )
            for model in models:
                run_model(DuckEngine(con), model, values, sections, REPORT_SHAPES.get(model.table))
            write_csv_files(con, ReportedMonth(opened.policy, month, models, reports / text, False))
    return reports


def read_reports(folder: Path) -> dict[str, list[list[str]]]:
    """The rows of a month's CSV files, by programme and name."""
    found = {}
    for path in sorted(folder.rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as source:
            found[f"{path.parent.name}/{path.stem}"] = list(csv.reader(source))[1:]
    return {name: rows for name, rows in found.items() if name not in OTHERS}


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_every_report_is_what_a_second_reading_of_the_contract_makes(
    seed: int, tmp_path: Path
) -> None:
    book = wild_book(seed)
    reports, second = compute(book, tmp_path), SecondReading(book)
    for number, month in enumerate(MONTHS):
        assert read_reports(reports / month) == second.month(number), month


def test_wild_books_have_rows_for_every_report_of_the_rules() -> None:
    named: set[str] = set()
    for seed in range(1, 13):
        second = SecondReading(wild_book(seed))
        for number in range(len(MONTHS)):
            named |= {name for name, rows in second.month(number).items() if rows}
    assert named == {shape.name for shape in REPORT_SHAPES.values() if shape.each is None} - {
        *OTHERS
    }
