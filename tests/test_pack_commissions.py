"""A consultant's commissions in the own pack: the month's rows, their sum in the page's language,
and a pack for who has nothing else."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import close_quietly
from small_book import POLICY, drop, row, write_book
from test_packs import read, text_of

from pipelines.reports.packs.languages import LOCALES, load_language

pytestmark = pytest.mark.long

COMPANY = POLICY.split("[referral]")[0]
RATES = "[subscriptions]\nrate = 0.125\nfirst_month_rate = 0.20\n"


def section_of(page: Path) -> str:
    """The commissions' part of a page, up to the next one."""
    text = page.read_text(encoding="utf-8").split('id="commissions"', 1)[1]
    return text.split('<div class="head"', 1)[0]


@pytest.mark.parametrize("month", ["2020-01", "2020-02", "2020-03", "2020-04"])
def test_a_page_tells_what_the_months_report_does(closed_sample: Path, month: str) -> None:
    folder = closed_sample / "reports" / month
    earned: dict[str, list[dict[str, str]]] = {}
    for line in read(folder / "finance/subscription_commissions.csv"):
        if consultant := line.pop("consultant_id"):
            earned.setdefault(consultant, []).append(line)
    assert earned
    for consultant, lines in earned.items():
        pack = folder / "leaders" / consultant
        own = read(pack / "commissions.csv")
        assert [{k: v for k, v in each.items() if k != "customer_email"} for each in own] == lines
        section = section_of(pack / "index.html")
        [lang] = re.findall(r'<html lang="([a-z]+)', (pack / "index.html").read_text("utf-8"))
        total = sum(Decimal(line["commission"]) for line in lines)
        assert f"{load_language(lang).amount(Decimal(total))} EUR" in section
        ids = re.findall(r'<span class="code">([^<]*)<', section)
        assert sorted(ids) == [line["billing_id"] for line in lines]
        assert all(line["customer_email"] in section for line in own)


def test_who_has_a_commission_and_nothing_else_gets_a_pack(tmp_path: Path) -> None:
    # M2's subscription has stopped: its customer is M1's, who sold last.
    month = drop(
        members=[row("members"), row("members", member_id="M2", name="Bo")],
        subscriptions=[row("subscriptions", consultant_id="M2", stopped_on="2020-01-25")],
        billings=[
            row("billings"),
            row("billings", billing_id="B2", billed_on="2020-01-21", amount="1234.50"),
        ],
    )
    book = write_book(tmp_path / "book", month, policy=COMPANY + RATES)
    leaders = close_quietly(book, tmp_path / "home", "2020-01") / "leaders"
    assert {path.name for path in (leaders / "M2").iterdir()} == {"index.html", "commissions.csv"}
    assert (leaders / "M2/commissions.csv").read_text("utf-8") == (
        "billing_id,subscription_id,customer_email,billed_on,amount,rate,commission\n"
        "B1,S1,kim@y.com,2020-01-20,30.00,0.20,6.00\n"
        "B2,S1,kim@y.com,2020-01-21,1234.50,0.20,246.90\n"
    )
    assert not (leaders / "M1/commissions.csv").exists()
    page = text_of(leaders / "M2/index.html")
    assert "earn you 252.90 EUR" in page and "1,234.50" in page and "20%" in page


def test_a_commission_asks_for_nothing(tmp_path: Path) -> None:
    month = drop(subscriptions=[row("subscriptions")], billings=[row("billings")])
    book = write_book(tmp_path / "book", month, policy=COMPANY + RATES)
    page = text_of(close_quietly(book, tmp_path / "home", "2020-01") / "leaders/M1/index.html")
    assert page.count("Your commissions") == 2, "the heading and the table's caption, no card"


@pytest.mark.parametrize("code", LOCALES)
def test_a_rate_is_as_exact_as_the_policys(code: str) -> None:
    rate = load_language(code).rate
    for given, digits in {
        "0.0500": "5",
        "0.1250": "12.5",
        "1.0000": "100",
        "0.0001": "0.01",
    }.items():
        told = rate(Decimal(given)).replace(",", ".").replace("\u00a0", "").removesuffix("%")
        assert told == digits
