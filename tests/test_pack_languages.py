"""Packs in every language: who reads which, how ranks are called there, and that finance is told of
those who still get English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import close_quietly
from small_book import POLICY, drop, row, write_book
from test_packs import text_of

from pipelines.reports.packs.languages import LOCALES, load_language

pytestmark = pytest.mark.long

NAMES = """
[company.rank_names.pl]
director = "Dyrektor"
[company.rank_names.no]
director = "Direktør"
[company.rank_names.fi]
director = "Johtaja"
"""
# What a page says of its language, by what the members' list says.
TAGS = {code: code for code in LOCALES} | {
    "zh": "zh-Hans", "pt": "pt-PT", "no": "nb", "nn": "nb", "fi": "en", "ja": "en", "": "en",
}  # fmt: skip


@pytest.fixture(scope="module")
def every_language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month's reports with a leader for each language: each has a customer, a call to make, an
    account that needs help, and a record below that is flagged."""
    folder = tmp_path_factory.mktemp("languages")
    members, orders, accounts = [], [], []
    for at, code in enumerate(TAGS):
        leader = f"L-{code or 'none'}"
        members += [
            row("members", member_id=leader, name=f"Leader {at}", language=code or None),
            row("members", member_id=f"S{at}", enroller_id=leader, sponsor_id=leader,
                enrolled_on="2019-06-01", rank="associate"),
        ]  # fmt: skip
        sold = {"customer_email": f"c{at}@y.com", "ordered_at": "2020-02-25T12:00:00Z"}
        orders.append(row("orders", order_id=f"O{at}", seller_id=leader, **sold))
        accounts.append(row("accounts", account_id=f"A{at}", partner_id=leader))
    january = drop(members=members, accounts=accounts)
    february = drop(members=members, orders=orders)
    policy = POLICY.replace("[referral]", f"{NAMES}[referral]")
    write_book(folder / "book", january, february, policy=policy)
    return close_quietly(folder / "book", folder / "home", "2020-02")


@pytest.mark.parametrize("code", TAGS)
def test_a_page_is_in_its_readers_language(every_language: Path, code: str) -> None:
    path = every_language / "leaders" / f"L-{code or 'none'}" / "index.html"
    [tag] = re.findall(r'<html lang="([^"]+)"', path.read_text(encoding="utf-8"))
    assert tag == TAGS[code]
    language, page = load_language(tag.split("-")[0]), re.sub(r"\s+", " ", text_of(path))
    for message in (
        "Records about to be removed", "Calls to make", "Accounts that need help", "Your customers",
        "Your month in figures", "Your volume and line", "The next window", "People in your line",
    ):  # fmt: skip
        assert language.text(message) in page, message
    asked = language.counted_text("%(count)s week", "%(count)s weeks", 5, count=5)
    assert f"({asked})" in page


@pytest.mark.parametrize(
    ("code", "rank"),
    [("pl", "Dyrektor"), ("nb", "Direktør"), ("nn", "Direktør"), ("no", "Direktør"),
     ("fi", "director"), ("de", "director")],
)  # fmt: skip
def test_a_rank_is_called_as_in_the_pages_language(
    every_language: Path, code: str, rank: str
) -> None:
    page = text_of(every_language / "leaders" / f"L-{code}" / "index.html")
    assert f"L-{code} · {rank}" in page and page.count(rank) >= 3


def test_finance_is_told_who_still_gets_english(every_language: Path) -> None:
    page = re.sub(r"\s+", " ", text_of(every_language / "index.html"))
    assert "3 of 17 packs in English, for want of the reader's language" in page
    told = re.search(r"Readers' languages: ([^.]*)\.", page)
    assert told is not None
    assert sorted(told[1].split(", ")) == ["fi 1", "ja 1", "none known 1"]
