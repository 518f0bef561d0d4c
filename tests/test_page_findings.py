"""What the month's first page asks to be looked at: the new apart from the standing, by money."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from html_pages import read_page
from small_book import full_drop, row, write_book
from test_page_figures import MONTHS, number, rows_of, total

from pipelines.closing.close import try_month
from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.reports.pages.checklist import ORDER

FINDING = re.compile(
    r'<li data-state="(\w+)">.*?<strong>(.*?)</strong>\n<span class="found">(.*?)</span>', re.DOTALL
)
FOLDED = re.compile(r"<details><summary>\d+ checks? found nothing to do</summary>(.*?)</details>",
                    re.DOTALL)  # fmt: skip


@pytest.fixture(scope="module", params=MONTHS)
def month(request: pytest.FixtureRequest, closed_sample: Path) -> Path:
    """The reports of each month of the sample book in turn."""
    return closed_sample / "reports" / str(request.param)


def findings(folder: Path) -> list[tuple[str, str, str]]:
    """State, title and what was found of each, in the page's order."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    return [
        (state, title, " ".join(found.split())) for state, title, found in FINDING.findall(text)
    ]


def finding(folder: Path, sign: str) -> tuple[str, str, str]:
    """The one whose title has the sign."""
    [found] = [each for each in findings(folder) if sign in each[1]]
    return found


def before(folder: Path, name: str) -> list[dict[str, str]]:
    """A CSV's rows of the month before; none in the first."""
    at = MONTHS.index(folder.name)
    return rows_of(folder.parent / MONTHS[at - 1], name) if at else []


def test_new_ones_stand_first_and_what_was_fine_is_folded_away(month: Path) -> None:
    found = findings(month)
    states = [ORDER.index(state) for state, _, _ in found]
    assert states == sorted(states) and len(found) >= 10
    [folded] = FOLDED.findall((month / "index.html").read_text(encoding="utf-8"))
    fine = [title for state, title, _ in found if state == "passed"]
    assert [title for _, title, _ in FINDING.findall(folded)] == fine
    assert "Every point of BV is accounted for" in fine


def test_refunds_are_new_where_the_month_before_said_another_amount(month: Path) -> None:
    known = {row["ran_id"]: Decimal(row["difference"])
             for row in before(month, "returns/decisions.csv")}  # fmt: skip
    now = {row["ran_id"]: Decimal(row["difference"])
           for row in rows_of(month, "returns/decisions.csv")
           if Decimal(row["difference"])}  # fmt: skip
    new = [ran for ran, difference in now.items() if known.get(ran, Decimal(0)) != difference]
    if not now:
        assert finding(month, "Refunds are as due")[0] == "passed"
        return
    state, title, found = finding(month, "not as due")
    assert state == ("new" if new else "standing")
    assert title.startswith(f"{len(now)} refund")
    if new and len(new) < len(now):
        assert f"{len(new)} of them new." in found
    shown = read_page(month / "returns" / "index.html").tables["differences"].body
    assert {row["RAN"] for row in shown if row["New"] == "yes"} == set(new)


def test_refunds_without_a_ran_are_told_with_their_money(month: Path) -> None:
    lost = rows_of(month, "returns/unmatched.csv")
    if lost:
        state, title, found = finding(month, "without a return of")
        assert state == "new" and title.startswith(f"{len(lost)} refund")
        told = re.findall(r"[A-Z]{3} ([\d,.]*\d)", found)
        assert sum(number(amount) for amount in told) == total(lost, "amount")
    else:
        assert finding(month, "Every refund names its return")[0] == "passed"


def test_overdue_accounts_are_told_with_their_money(month: Path) -> None:
    name = "onboarding/accounts.csv"
    late = {row["account_id"]: Decimal(row["overdue"]) for row in rows_of(month, name)
            if Decimal(row["overdue"])}  # fmt: skip
    known = {row["account_id"]: Decimal(row["overdue"]) for row in before(month, name)}
    new = [id for id, overdue in late.items() if overdue > known.get(id, Decimal(0))]
    if late:
        state, title, _ = finding(month, "overdue with EUR")
        assert state == ("new" if new else "standing")
        assert title.endswith(f"EUR {sum(late.values()):,.2f}")
    else:
        assert finding(month, "Instalments are paid")[0] == "passed"


def test_removed_members_still_there_are_new_once(month: Path) -> None:
    name = "inactivity/still_present.csv"
    there = {row["member_id"] for row in rows_of(month, name)}
    known = {row["member_id"] for row in before(month, name)}
    if there:
        state, title, _ = finding(month, "in the extract still")
        assert state == ("new" if there - known else "standing")
        assert title.startswith(f"{len(there)} removed member")
    else:
        assert finding(month, "Removed records are gone")[0] == "passed"


def test_the_lead_counts_them(month: Path) -> None:
    states = [state for state, _, _ in findings(month)]
    text = " ".join(read_page(month / "index.html").text.split())
    new, standing = states.count("new"), states.count("standing")
    if new:
        assert re.search(rf"{new} new findings?( and {standing} standing)? wants? a look", text)
    elif standing:
        assert re.search(rf"{standing} standing findings? wants? a look", text)
    else:
        assert "Nothing was found that wants a look" in text


@pytest.fixture(scope="module")
def left_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial of a month with rows of money that were left out."""
    folder = tmp_path_factory.mktemp("left-out")
    spoiled = {"order_id": "O9", "amount": "3.00", "currency": "kim@secret.example"}
    book = write_book(folder / "book", full_drop(
        orders=[row("orders"), row("orders", **spoiled)],
        reversals=[
            row("reversals"),
            row("reversals", reversal_id="V7", amount="9999999.00"),
            row("reversals", reversal_id="V8", order_id="nowhere", amount="12.50"),
            row("reversals", reversal_id="V9", amount="much"),
            row("reversals"),
        ],
    ))  # fmt: skip
    return try_month(book, Home(folder / "home"), Month("2020-01"), lambda text: None)


@pytest.mark.long
def test_the_money_of_rows_left_out_is_told(left_out: Path) -> None:
    rows = read_page(left_out / "index.html").tables["money"].body
    found = {row["Currency"]: (int(row["Documents"]), number(row["Amount"]))
             for row in rows if row["What"].startswith("Reversals left out")}  # fmt: skip
    assert found == {"EUR": (2, Decimal("9999999.00")), "unknown": (1, Decimal("12.50"))}
    text = " ".join(read_page(left_out / "index.html").text.split())
    assert "its amounts are as its rows say them, 1 row without a readable one." in text
    assert "reversals 9,999,999.00 (EUR), reversals 12.50 (currency unknown)" in text


def test_a_currency_that_is_none_is_shown_nowhere(left_out: Path) -> None:
    rows = read_page(left_out / "index.html").tables["money"].body
    [order] = [row for row in rows if row["What"].startswith("Orders left out")]
    assert (order["Currency"], order["Amount"]) == ("unknown", "3.00")
    for page in left_out.glob("**/index.html"):
        assert "secret" not in page.read_text(encoding="utf-8"), page


def test_the_most_at_stake_stands_first(left_out: Path) -> None:
    assert "of the extracts were left out" in findings(left_out)[0][1]
