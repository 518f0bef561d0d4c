"""The same month a year ago, where it was closed: told beside the month, from its own rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import SAMPLE
from html_pages import Page, read_page

from pipelines.book.drops import open_book
from pipelines.months import Month
from pipelines.reports.pages.write import write_pages
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.write import file_names
from pipelines.rules.models import read_models

LAST, YEAR_AGO = Month("2020-04"), "2019-04"


@pytest.fixture(scope="module")
def page(closed_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The first page of a month of a book that opened a year earlier."""
    folder = tmp_path_factory.mktemp("year")
    shutil.copyfile(closed_sample / "warehouse.duckdb", folder / "warehouse.duckdb")
    policy = open_book(SAMPLE, LAST).policy
    company = replace(policy.company, opening_month=Month("2019-03"))
    models = read_models()
    reported = ReportedMonth(replace(policy, company=company), LAST, models, folder, False)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute(
            "insert into finance.reconciliation (close_month, line, bv, place) "
            "values ($1, 'net', 777.50, 7)", [YEAR_AGO],
        )  # fmt: skip
        con.execute(
            "insert into finance.sales (close_month, channel, currency, orders, amount, bv, "
            "reversals, amount_reversed, bv_reversed, net_amount, net_bv) "
            "values ($1, 'sale', 'EUR', 2, 90.00, 60, 1, 12.25, 8, 77.75, 52)", [YEAR_AGO],
        )  # fmt: skip
        write_pages(con, reported, file_names(reported.printed))
    yield read_page(folder / "index.html")


def test_a_figure_is_told_beside_its_year_ago(page: Page) -> None:
    assert page.errors == []
    figures = {row["Figure"]: row for row in page.tables["main-figures"].body}
    assert figures["Net BV"]["April 2019"] == "777.50"
    assert figures["Records removed"]["April 2019"] == "0"


def test_money_is_told_beside_its_year_ago(page: Page) -> None:
    money = {(row["What"], row["Currency"]): row for row in page.tables["money"].body}
    assert money["Orders posted", "EUR"]["April 2019"] == "90.00"
    assert money["Reversals posted", "EUR"]["April 2019"] == "12.25"
    assert money["Net of both", "EUR"]["April 2019"] == "77.75"
    assert money["Orders posted", "GBP"]["April 2019"] == "0.00"


def test_the_year_to_date_begins_in_january(closed_sample: Path, page: Page) -> None:
    sealed = read_page(closed_sample / "reports" / LAST.text / "index.html")
    for name in ("main-figures", "money"):
        told = [row["Year to date"] for row in page.tables[name].body]
        assert told == [row["Year to date"] for row in sealed.tables[name].body]
