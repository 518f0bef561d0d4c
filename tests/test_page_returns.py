"""The returns page over two months: what is new there, and what stands since the month before."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import close_quietly
from html_pages import Page, read_page
from small_book import drop, full_drop, row, write_book
from test_page_figures import rows_of
from test_page_findings import finding

pytestmark = pytest.mark.long

# Accepted by the end of January, and nothing was refunded for it.
ACCEPTED = {
    "requested_on": "2020-01-14", "delivered_on": "2020-01-12", "issued_on": "2020-01-15",
    "received_on": "2020-01-20", "ran_displayed": "true", "proof_of_purchase": "true",
}  # fmt: skip


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """February's reports: one return stays open, one unsettled, and one is asked for."""
    folder = tmp_path_factory.mktemp("returns")
    returns = [row("returns"), row("returns", ran_id="R2", **ACCEPTED)]
    lines = [row("return_lines"), row("return_lines", ran_id="R2")]
    book = write_book(
        folder / "book",
        full_drop(returns=returns, return_lines=lines, reversals=[]),
        drop(returns=[row("returns", ran_id="R3", requested_on="2020-02-03")]),
    )
    return close_quietly(book, folder / "home", "2020-02")


@pytest.fixture(scope="module")
def page(february: Path) -> Page:
    return read_page(february / "returns" / "index.html")


def test_the_rows_are_those_that_the_test_is_about(february: Path) -> None:
    found = {row["ran_id"]: row for row in rows_of(february, "returns/decisions.csv")}
    assert {id: row["listed_for"] for id, row in found.items()} == {
        "R1": "open", "R2": "unsettled", "R3": "changed",
    }  # fmt: skip
    assert found["R2"]["status"] == "accepted" and found["R2"]["difference"] != "0.00"


def test_the_lead_counts_what_is_new_apart_from_what_stands(page: Page) -> None:
    text = " ".join(page.text.split())
    assert "1 return has another status than at the last close." in text
    assert "2 more stand as before: 1 open, 1 with a refund not as due." in text


def test_only_the_new_is_counted_by_status_and_over_the_months(page: Page) -> None:
    [new] = page.tables["statuses"].body
    assert (new["Returns"], new["Requested"], new["Accepted"]) == ("1", "1", "0")
    [february, january] = page.tables["status-trend-figures"].body
    assert (january["Accepted"], february["Accepted"]) == ("1", "0")


def test_what_stands_is_told_with_its_age_and_its_refund(february: Path, page: Page) -> None:
    still_open, unsettled = page.tables["standing"].body
    assert still_open["Listed because"].startswith("Still open")
    assert still_open["Oldest requested"] == "12 January 2020"
    [due] = [row["difference"] for row in rows_of(february, "returns/decisions.csv")
             if row["ran_id"] == "R2"]  # fmt: skip
    assert unsettled["Refund still due"] == f"+{due}"


def test_what_is_open_says_which_is_new(page: Page) -> None:
    assert {row["RAN"]: row["New"] for row in page.tables["open"].body} == {"R1": "", "R3": "yes"}


def test_the_first_page_tells_them_apart(february: Path) -> None:
    figures = read_page(february / "index.html").by_key
    assert (figures["returns_new"], figures["returns_open"]) == ("1", "2")
    state, title, found = finding(february, "not as due")
    assert (state, title) == ("standing", "1 refund is not as due")
    assert found.endswith("None of them is new.")
