"""Every figure on the pages is the CSVs': what the sample book's pages say is summed again here."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from html_pages import Page, Table, read_page

from pipelines.reports.look.formats import month_name

MONTHS = ("2020-01", "2020-02", "2020-03", "2020-04")


@pytest.fixture(scope="module", params=MONTHS)
def month(request: pytest.FixtureRequest, closed_sample: Path) -> Path:
    """The reports of each month of the sample book in turn."""
    return closed_sample / "reports" / str(request.param)


def rows_of(month: Path, name: str) -> list[dict[str, str]]:
    """A CSV's rows."""
    with (month / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Decimal:
    """A figure as a page writes it."""
    return Decimal(text.replace(",", "").replace("\u2212", "-").removesuffix("%") or 0)


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    """The sum of a CSV's column."""
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def shown(page: Page, table: str) -> list[dict[str, str]]:
    """A table's rows, none where the page says so in words; its totals must be their sums."""
    found = page.tables.get(table, Table(table, [[]]))
    for title, told in found.totals.items():
        if told and told != "Total":
            assert number(told) == sum(number(row[title]) for row in found.body), title
    return found.body


def test_the_months_first_page(month: Path) -> None:
    page = read_page(month / "index.html")
    told = {key: number(text) for key, text in page.by_key.items()}
    assigned = rows_of(month, "referral/assignments.csv")
    decisions = rows_of(month, "returns/decisions.csv")
    assert told["qualified"] == len(
        [1 for row in rows_of(month, "referral/qualification.csv") if row["qualified"] == "true"]
    )
    assert told["assigned"] == len([1 for row in assigned if row["outcome"] == "assigned"])
    assert told["unassigned"] == len(assigned) - told["assigned"]
    assert told["differences"] == len([1 for row in decisions if Decimal(row["difference"])])
    for key, name in (
        ("flagged", "inactivity/flagged"), ("removed", "inactivity/removed"),
        ("unmatched", "returns/unmatched"), ("follow_ups", "returns/follow_ups"),
        ("owned", "customers/owners"), ("accounts", "onboarding/accounts"),
    ):  # fmt: skip
        assert told[key] == len(rows_of(month, f"{name}.csv")), key
    commissions = rows_of(month, "finance/subscription_commissions.csv")
    assert told["commission"] == total(commissions, "commission")


def test_what_the_overview_reads_back(month: Path) -> None:
    page = read_page(month / "index.html")
    data = json.loads(next(text for text in page.scripts if text.startswith("{")))
    lines = {
        row["line"]: Decimal(row["bv"]) for row in rows_of(month, "finance/reconciliation.csv")
    }
    figures = {key: Decimal(value) for key, value in data["figures"].items()}
    assert figures["net"] == lines["net"] and figures["house"] == lines["house_credits"]
    assert all(f"{lines[line]:,.2f}" in page.text for line in ("net", "orders_posted"))


def test_finance(month: Path) -> None:
    page = read_page(month / "finance" / "index.html")
    ledger = rows_of(month, "finance/bv_ledger.csv")
    lines = {
        row["line"]: Decimal(row["bv"]) for row in rows_of(month, "finance/reconciliation.csv")
    }
    proof = page.tables["proof"].body
    assert [number(row["Difference"]) for row in proof] == [0] * 5
    assert number(proof[0]["One side"].split(" ")[0]) == lines["orders_posted"]
    assert number(proof[4]["One side"].split(" ")[0]) == lines["net"]
    entries = shown(page, "entries")
    assert sum(number(row["Entries"]) for row in entries) == len(ledger)
    assert sum(number(row["BV"]) for row in entries) == lines["net"]
    sales = shown(page, "sales")
    assert sum(number(row["Orders"]) for row in sales) == len(
        {entry["order_id"] for entry in ledger if entry["entry"] == "credit"}
    )
    assert sum(number(row["Net BV"]) for row in sales) == lines["net"]
    journal = rows_of(month, "finance/journal.csv")
    assert [row["Document"] for row in shown(page, "journal")] == [
        row["document"] for row in journal[:20]
    ]
    taken = sum(number(row["BV in all"]) for row in shown(page, "reversals"))
    assert taken == lines["reversals_posted"]
    held = {row["member_id"] or "the house": Decimal(row["net_bv"])
            for row in rows_of(month, "finance/statements.csv")}  # fmt: skip
    for row_shown in shown(page, "moved"):
        now = number(row_shown[month_name(month.name)])
        assert now == held.get(row_shown["Member"], Decimal(0))


def test_referral(month: Path) -> None:
    page = read_page(month / "referral" / "index.html")
    seats = {row["Seat"]: row for row in shown(page, "seats")}
    qualified = [row["Qualified"] for row in seats.values()]
    assert qualified == sorted(qualified, reverse=True), "who qualified stands first"
    for row_read in rows_of(month, "referral/qualification.csv"):
        told, reasons = seats[row_read["seat_id"]], row_read["reasons"].split(";")
        assert (told["Qualified"] == "yes") == (row_read["qualified"] == "true")
        for title, reason in (
            ("All weeks", "paid_rank"), ("Order", "order"), ("Enrolments", "enrolments"),
            ("Standing", "standing"), ("No hold", "barred"),
        ):  # fmt: skip
            assert (told[title] == "no") == (reason in reasons)
    orders = rows_of(month, "referral/assignments.csv")
    given = Counter(row["seat_id"] for row in orders if row["outcome"] == "assigned")
    served = {row["Seat"]: int(number(row["Orders"])) for row in shown(page, "served")}
    assert {seat: n for seat, n in served.items() if n} == given
    lost = [row for row in orders if row["outcome"] != "assigned"]
    assert sum(number(row["BV"]) for row in shown(page, "unassigned")) == total(lost, "bv")


def test_inactivity(month: Path) -> None:
    page = read_page(month / "inactivity" / "index.html")
    for table, name in (("flagged", "flagged"), ("removed", "removed"), ("effect", "effect")):
        members = {row["member_id"] for row in rows_of(month, f"inactivity/{name}.csv")}
        assert {row["Member"] for row in shown(page, table)} == members
    due = sum(number(row["Flagged"]) for row in shown(page, "deadlines"))
    assert due == len(rows_of(month, "inactivity/flagged.csv"))


def test_returns(month: Path) -> None:
    page = read_page(month / "returns" / "index.html")
    decisions = rows_of(month, "returns/decisions.csv")
    new = [row for row in decisions if row["listed_for"] == "changed"]
    assert sum(number(row["Returns"]) for row in shown(page, "statuses")) == len(new)
    standing = shown(page, "standing")
    assert sum(number(row["Returns"]) for row in standing) == len(decisions) - len(new)
    assert {row["RAN"] for row in shown(page, "open") if row["New"] == "yes"} == {
        row["ran_id"] for row in new if row["status"] in ("requested", "awaiting_goods")
    }
    assert sum(number(row["Still due"]) for row in shown(page, "money")) == total(
        decisions, "difference"
    )
    calls = sum(number(row["Calls"]) for row in shown(page, "calls"))
    assert calls == len(rows_of(month, "returns/follow_ups.csv"))


def test_customers(month: Path) -> None:
    page = read_page(month / "customers" / "index.html")
    value = {row["owner_id"]: row for row in rows_of(month, "customers/value.csv")}
    found = shown(page, "value")
    assert {row["Owner"] for row in found} == set(value)
    for row_shown in found:
        assert number(row_shown["Net BV"]) == Decimal(value[row_shown["Owner"]]["net_bv"])


def test_onboarding(month: Path) -> None:
    page = read_page(month / "onboarding" / "index.html")
    funnel = rows_of(month, "onboarding/funnel.csv")
    stages = ("registered", "verified", "funded", "invested", "paid_up")
    told = [number(row["Accounts"]) for row in shown(page, "funnel")]
    assert told == [total(funnel, stage) for stage in stages]
    late = [row for row in rows_of(month, "onboarding/accounts.csv") if Decimal(row["overdue"])]
    assert sum(number(row["Overdue"]) for row in shown(page, "overdue")) == total(late, "overdue")


def test_quality(month: Path) -> None:
    page = read_page(month / "quality" / "index.html")
    listed = rows_of(month, "quality/quarantine.csv")
    by_table = Counter(row["table"] for row in listed)
    found = {row["Table"]: int(number(row["In all"])) for row in shown(page, "matrix")}
    assert found == by_table
    codes = Counter(row["code"] for row in listed)
    assert {name.removeprefix("samples-") for name in page.tables if "samples" in name} == set(
        codes
    )
