"""The page over all months: totals of what can be added up, year by year, and each seal in full."""

from __future__ import annotations

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from html_pages import Page, read_page
from test_page_figures import MONTHS, number, rows_of

from pipelines.reports.pages.all_months import write_overview

# The last month once more, as if it were one of the next year.
NEXT_YEAR = "2021-01"


@pytest.fixture(scope="module")
def reports(closed_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The months' own pages and seals, five of two years."""
    folder = tmp_path_factory.mktemp("overview") / "reports"
    for month, source in [*zip(MONTHS, MONTHS, strict=True), (NEXT_YEAR, MONTHS[-1])]:
        (folder / month).mkdir(parents=True)
        for name in ("index.html", "seal.json"):
            shutil.copyfile(closed_sample / "reports" / source / name, folder / month / name)
    return folder


@pytest.fixture(scope="module")
def page(reports: Path) -> Page:
    return read_page(write_overview(reports))


def net_of(closed_sample: Path, month: str) -> Decimal:
    """A month's net BV, as its CSV has it."""
    rows = rows_of(closed_sample / "reports" / month, "finance/reconciliation.csv")
    return next(Decimal(row["bv"]) for row in rows if row["line"] == "net")


def test_totals_are_the_sums_of_the_months(closed_sample: Path, page: Page) -> None:
    table = page.tables["months"]
    for title, told in table.totals.items():
        if told and told != "All months":
            assert number(told) == sum(number(row[title]) for row in table.body), title
    nets = [net_of(closed_sample, month) for month in (*MONTHS, MONTHS[-1])]
    assert number(table.totals["Net BV"]) == sum(nets)
    assert table.totals["Seats qualified"] == "", "what stands at a month's end is not added up"


def test_years_are_added_up_apart(closed_sample: Path, page: Page) -> None:
    rows = {row["Figure"]: row for row in page.tables["years"].body}
    net = rows["Net BV"]
    assert number(net["2020"]) == sum(net_of(closed_sample, month) for month in MONTHS)
    assert number(net["2021"]) == net_of(closed_sample, MONTHS[-1])
    for row in rows.values():
        assert number(row["All months"]) == number(row["2020"]) + number(row["2021"])
    assert "Records flagged" not in rows and "Subscription commissions, EUR" in rows


def test_every_seal_is_shown_in_full_and_every_month_can_be_led_to(
    reports: Path, page: Page
) -> None:
    seals = {row["Month"]: row["Seal"].split(",")[0] for row in page.tables["seals"].body}
    digests = [hashlib.sha256(path.read_bytes()).hexdigest()
               for path in sorted(reports.glob("*/seal.json"), reverse=True)]  # fmt: skip
    assert [*seals.values()] == digests
    assert {f"m{month}" for month in (*MONTHS, NEXT_YEAR)} <= set(page.ids)
    [way] = [link for link in read_page(reports / MONTHS[0] / "index.html").links
             if link == f"../index.html#m{MONTHS[0]}"][:1]  # fmt: skip
    assert way


def test_of_one_year_no_years_are_told(closed_sample: Path, tmp_path: Path) -> None:
    for name in ("index.html", "seal.json"):
        (tmp_path / MONTHS[0]).mkdir(exist_ok=True)
        shutil.copyfile(closed_sample / "reports" / MONTHS[0] / name, tmp_path / MONTHS[0] / name)
    assert "years" not in read_page(write_overview(tmp_path)).tables
