"""Tables of the pages against the CSVs: each one's rows, counts or sums are those of one file.

What needs more than one line to work out is in test_page_figures.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from html_pages import read_page
from test_page_figures import MONTHS, number, rows_of, shown, total

from pipelines.reports.look.formats import amount, month_name

# page, table, the column that is summed, the file whose rows it counts
COUNTS = (
    ("inactivity", "leaders", "On the list", "lists"),
    ("inactivity", "notices", "Notices", "notices"),
    ("inactivity", "moved", "Members", "compression"),
    ("referral", "leads", "Leads", "leads"),
    ("referral", "decisions", "Requests", "reassignments"),
    ("finance", "commissions", "Billings", "subscription_commissions"),
    ("returns", "callers", "Calls", "follow_ups"),
    ("customers", "value", "Customers", "owners"),
    ("customers", "subscriptions", "Subscriptions", "subscriptions"),
    ("onboarding", "partners", "Registered", "accounts"),
    ("quality", "columns", "Entries", "quarantine"),
)  # fmt: skip
# page, table, its first column, the file and its column with the same cells
ROWS = (
    ("inactivity", "still", "Member", "still_present", "member_id"),
    ("referral", "requests", "Order", "reassignments", "order_id"),
    ("returns", "unmatched", "Reversal", "unmatched", "reversal_id"),
    ("customers", "parties", "Party", "parties", "party_id"),
    ("onboarding", "partners", "Partner", "funnel", "partner_id"),
)  # fmt: skip
# page, table, column, the file and its column with the same sum
SUMS = (
    ("referral", "decisions", "BV moved", "reassignments", "bv"),
    ("referral", "requests", "BV", "reassignments", "bv"),
    ("finance", "commissions", "Billed", "subscription_commissions", "amount"),
    ("finance", "commissions", "Commission", "subscription_commissions", "commission"),
    ("inactivity", "effect", "Legs after", "effect", "legs_after"),
    ("inactivity", "effect", "Payline BV before", "effect", "payline_bv_before"),
    ("returns", "money", "Refund due", "decisions", "refund_due"),
    ("returns", "money", "Refund made", "decisions", "refund_made"),
    ("returns", "money", "BV due", "decisions", "bv_due"),
    ("returns", "unmatched", "Amount", "unmatched", "amount"),
    ("returns", "products", "Accepted", "lines", "accepted"),
    ("customers", "value", "Orders", "value", "orders"),
    ("customers", "parties", "Net BV", "parties", "net_bv"),
    ("customers", "subscriptions", "Monthly budget, EUR", "subscriptions", "monthly_budget"),
    ("onboarding", "partners", "Need help", "funnel", "need_help"),
    ("onboarding", "overdue", "Overdue", "accounts", "overdue"),
)  # fmt: skip


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("page", "table", "column", "file"), COUNTS)
def test_rows_are_counted_as_the_file_has_them(
    closed_sample: Path, month: str, page: str, table: str, column: str, file: str
) -> None:
    folder = closed_sample / "reports" / month
    told = shown(read_page(folder / page / "index.html"), table)
    assert sum(number(row[column]) for row in told) == len(rows_of(folder, f"{page}/{file}.csv"))


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("page", "table", "column", "file", "source"), ROWS)
def test_rows_are_the_files(
    closed_sample: Path, month: str, page: str, table: str, column: str, file: str, source: str
) -> None:
    folder = closed_sample / "reports" / month
    told = shown(read_page(folder / page / "index.html"), table)
    found = sorted(row[source] for row in rows_of(folder, f"{page}/{file}.csv"))
    assert sorted(row[column] for row in told) == found


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("page", "table", "column", "file", "source"), SUMS)
def test_sums_are_the_files(
    closed_sample: Path, month: str, page: str, table: str, column: str, file: str, source: str
) -> None:
    folder = closed_sample / "reports" / month
    told = shown(read_page(folder / page / "index.html"), table)
    found = total(rows_of(folder, f"{page}/{file}.csv"), source)
    assert sum((number(row[column]) for row in told), Decimal(0)) == found


@pytest.mark.parametrize("month", MONTHS[1:])
def test_all_figures_by_month_are_those_of_each_months_page(
    closed_sample: Path, month: str
) -> None:
    page = read_page(closed_sample / "reports" / month / "index.html")
    history = {row["Figure"]: row for row in page.tables["history"].body}
    now, before = month_name(month), month_name(MONTHS[MONTHS.index(month) - 1])
    figures = page.tables["main-figures"].body
    assert len(figures) > 10
    for row in figures:
        told = history[row["Figure"]]
        assert (row[now], row[before]) == (told[month], told[MONTHS[MONTHS.index(month) - 1]])
        change = number(row["Change"].split(" ")[0].lstrip("+"))
        assert change == number(row[now]) - number(row[before])
    for each in MONTHS[: MONTHS.index(month) + 1]:
        lines = {
            row["line"]: Decimal(row["bv"])
            for row in rows_of(closed_sample / "reports" / each, "finance/reconciliation.csv")
        }
        assert history["Net BV"][each] == amount(lines["net"])
        assert history["BV of orders posted"][each] == amount(lines["orders_posted"])


def test_the_opening_month_is_told_against_nothing(closed_sample: Path) -> None:
    folder = closed_sample / "reports" / MONTHS[0]
    [first, *_] = read_page(folder / "finance" / "index.html").tables["moved"].rows
    assert first[:2] == ["Member", "January 2020"]
    assert "December 2019" not in read_page(folder / "index.html").text


def by_size(entry: dict[str, str]) -> tuple[Decimal, int]:
    """The order of the largest entries."""
    return -abs(Decimal(entry["bv"])), int(entry["posting_no"])


@pytest.mark.parametrize("month", MONTHS)
def test_what_is_largest_stands_first_and_as_the_files_have_it(
    closed_sample: Path, month: str
) -> None:
    folder = closed_sample / "reports" / month
    page = read_page(folder / "finance" / "index.html")
    groups = sorted(rows_of(folder, "finance/volume.csv"),
                    key=lambda row: (-Decimal(row["group_bv"]), row["member_id"]))[:20]  # fmt: skip
    assert [
        (row["Member"], number(row["Personal"]), number(row["Group"]), number(row["Payline"]))
        for row in shown(page, "volumes")
    ] == [
        (row["member_id"], Decimal(row["personal_bv"]), Decimal(row["group_bv"]),
         Decimal(row["payline_bv"]))
        for row in groups
    ]  # fmt: skip
    entries = sorted(rows_of(folder, "finance/bv_ledger.csv"), key=by_size)
    assert [
        (number(row["No."]), row["Order"], row["Member"], number(row["BV"]))
        for row in shown(page, "largest")
    ] == [
        (Decimal(row["posting_no"]), row["order_id"], row["member_id"] or "the house",
         Decimal(row["bv"]))
        for row in entries[:20]
    ]  # fmt: skip
