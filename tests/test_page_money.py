"""The money on the pages is the CSVs': by currency, over the year, by consultant or without one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from html_pages import read_page
from test_page_figures import MONTHS, number, rows_of, shown, total

ZERO = Decimal(0)
UP_TO_NOW = {name: MONTHS[: at + 1] for at, name in enumerate(MONTHS)}
COMMISSIONS = "finance/subscription_commissions.csv"


@pytest.fixture(scope="module", params=MONTHS)
def month(request: pytest.FixtureRequest, closed_sample: Path) -> Path:
    """The reports of each month of the sample book in turn."""
    return closed_sample / "reports" / str(request.param)


def money(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The lines of the month's money by what they are and their currency."""
    rows = shown(read_page(folder / "index.html"), "money")
    found = {(row["What"], row["Currency"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def by_currency(rows: list[dict[str, str]], column: str) -> dict[str, Decimal]:
    """The sums of a column by currency, those that are not 0."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["currency"]] += Decimal(row[column])
    return {currency: amount for currency, amount in sums.items() if amount}


def amounts(folder: Path, what: str) -> dict[str, Decimal]:
    """A line's amounts by currency, those that are not 0."""
    return {
        currency: number(row["Amount"])
        for (line, currency), row in money(folder).items()
        if line == what and number(row["Amount"])
    }


@pytest.mark.parametrize(
    ("what", "column"),
    [("Orders posted", "amount"), ("Reversals posted", "amount_reversed"),
     ("Net of both", "net_amount")],
)  # fmt: skip
def test_what_was_sold_and_taken_back_is_that_of_the_sales(
    month: Path, what: str, column: str
) -> None:
    assert amounts(month, what) == by_currency(rows_of(month, "finance/sales.csv"), column)


def test_refunds_are_those_of_the_returns(month: Path) -> None:
    decisions = rows_of(month, "returns/decisions.csv")
    due = [row for row in decisions if Decimal(row["difference"]) > 0]
    beyond = [row for row in decisions if Decimal(row["difference"]) < 0]
    assert amounts(month, "Refunds due and not made") == by_currency(due, "difference")
    assert amounts(month, "Refunds made beyond what is due") == {
        currency: -amount for currency, amount in by_currency(beyond, "difference").items()
    }
    lost = rows_of(month, "returns/unmatched.csv")
    assert sum(amounts(month, "Refunds without a RAN").values()) == total(lost, "amount")
    documents = [
        number(row["Documents"])
        for (line, _), row in money(month).items()
        if line == "Refunds without a RAN"
    ]
    assert sum(documents) == len(lost)


def test_what_was_billed_is_told_with_a_consultant_and_without(month: Path) -> None:
    billed = rows_of(month, COMMISSIONS)
    for what, is_tied in (
        ("Billed with a consultant", True),
        ("Billed without a consultant", False),
    ):
        of_them = [row for row in billed if bool(row["consultant_id"]) == is_tied]
        assert sum(amounts(month, what).values()) == total(of_them, "amount")
    assert sum(amounts(month, "Subscription commissions").values()) == total(billed, "commission")
    page = shown(read_page(month / "finance" / "index.html"), "commissions")
    for title, is_tied in (("with a consultant", True), ("without one", False)):
        of_them = [row for row in billed if bool(row["consultant_id"]) == is_tied]
        assert sum(number(row[title]) for row in page) == total(of_them, "amount")


@pytest.mark.long
def test_the_year_to_date_is_the_sum_of_its_months(closed_sample: Path, month: Path) -> None:
    folders = [closed_sample / "reports" / name for name in UP_TO_NOW[month.name]]
    for (what, currency), row in money(month).items():
        if what.startswith(("Refunds due", "Refunds made")):
            assert row["Year to date"] == ""
            continue
        of_months = [amounts(folder, what).get(currency, ZERO) for folder in folders]
        assert number(row["Year to date"]) == sum(of_months), what


def test_figures_that_can_be_added_up_have_a_year_to_date(closed_sample: Path, month: Path) -> None:
    figures = read_page(month / "index.html").tables["main-figures"].body
    if month.name == MONTHS[0]:
        assert "Year to date" not in figures[0]
        return
    history = {row["Figure"]: row for row in read_page(month / "index.html").tables["history"].body}
    added = [row for row in figures if row["Year to date"]]
    assert {"Net BV", "Records removed", "Refunds without a RAN"} <= {
        row["Figure"] for row in added
    }
    assert "Records flagged" not in {row["Figure"] for row in added}
    for row in added:
        told = sum(number(history[row["Figure"]][name]) for name in UP_TO_NOW[month.name])
        assert number(row["Year to date"]) == told, row["Figure"]


def test_the_journal_is_added_up_by_account(month: Path) -> None:
    found = shown(read_page(month / "index.html"), "journal-totals")
    lines = rows_of(month, "finance/journal.csv")
    expected: dict[tuple[str, str, str], list[Decimal]] = {}
    for row in lines:
        sums = expected.setdefault((row["document"], row["account"], row["currency"]), [ZERO] * 2)
        sums[0] += Decimal(row["debit"] or 0)
        sums[1] += Decimal(row["credit"] or 0)
    assert {
        (row["Document"], row["Account"], row["Currency"]): [
            number(row["Debit"]), number(row["Credit"])
        ]
        for row in found
    } == expected  # fmt: skip


def test_money_taken_back_is_that_of_the_sales_and_of_the_unmatched(month: Path) -> None:
    rows = shown(read_page(month / "finance" / "index.html"), "money-back")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["Currency"]] += number(row["Amount"])
    sales = rows_of(month, "finance/sales.csv")
    assert dict(sums) == by_currency(sales, "amount_reversed")
    assert sum(number(row["BV"]) for row in rows) == total(sales, "bv_reversed")
    lost = rows_of(month, "returns/unmatched.csv")
    assert sum(number(row["Amount without a RAN"]) for row in rows) == total(lost, "amount")
    assert sum(number(row["without a RAN"]) for row in rows) == len(lost)


def test_several_currencies_have_totals_of_their_own(month: Path) -> None:
    sales = rows_of(month, "finance/sales.csv")
    page = read_page(month / "finance" / "index.html")
    found = shown(page, "sales-in-all")
    currencies = {row["currency"] for row in sales}
    assert len(found) == (len(currencies) if len(currencies) > 1 else 0)
    for row in found:
        of_it = [each for each in sales if each["currency"] == row["Currency"]]
        assert number(row["Net amount"]) == total(of_it, "net_amount")
        assert number(row["Orders"]) == total(of_it, "orders")
