"""What a leader's page asks for: what was due stands apart, one person on one day is one call, and
what waits is only what can still be done."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import close_quietly
from small_book import POLICY, drop, row, write_book
from test_packs import lead, read, retail, text_of

pytestmark = pytest.mark.long

RANKS = '[company.rank_names.en]\ndirector = "Sales <Director>"\n'
RULES = POLICY.replace("[referral]", f"{RANKS}[referral]")


def sale(order_id: str, seller: str, email: str, day: str) -> dict[str, str | None]:
    return row("orders", order_id=order_id, seller_id=seller, customer_email=email,
               ordered_at=f"2020-{day}T12:00:00Z", customer_name=email.split("@")[0].title(),
               customer_phone="+31 6 1234 5678")  # fmt: skip


@pytest.fixture(scope="module")
def leaders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs of February: M1 leads, is dealt orders and leads up to the last day, and sells; all
    of M2's calls were due; M3 earns a commission and nothing else."""
    folder = tmp_path_factory.mktemp("waiting")
    weeks = ("2019-12-30", "2020-01-06", "2020-01-13", "2020-01-20")
    people = [
        row("members"),
        row("members", member_id="M2", name="Bo", rank="associate", sponsor_id="M1"),
        row("members", member_id="M3", name="Cy", rank="associate", sponsor_id="M2",
            enrolled_on="2020-02-03"),
        row("members", member_id="M4", name="Ed", rank="associate"),
        row("members", member_id="P1", name="Di", rank=None, sponsor_id="M2",
            member_type="preferred_customer"),
    ]  # fmt: skip
    january = drop(
        members=[*people[:2], *people[3:]],
        orders=[
            row("orders", order_id="O0", channel="member", seller_id=None, buyer_id="M1",
                customer_email=None, bv="100.00"),
            sale("S0", "M2", "vic@own.example", "01-22"),
        ],
        paid_ranks=[row("paid_ranks", week_start=week) for week in weeks],
    )  # fmt: skip
    february = drop(
        members=people,
        orders=[
            retail("R1", "kim@shop.example", "12", customer_name="Kim"),
            retail("R2", "ola@shop.example", "29", customer_name="Ola", bv="30.00"),
            retail("R3", "ola@shop.example", "29", customer_name="Ola", bv="12.50"),
            retail("R4", "bar@shop.example", "29", customer_name="Bar", contact_opt_out="true"),
            sale("S1", "M1", "sam@own.example", "02-25"),
            sale("S2", "M1", "sam@own.example", "02-25"),
            sale("S3", "M1", "tom@own.example", "02-25"),
            sale("S4", "M1", "zoe@own.example", "02-25"),
            row("orders", order_id="B1", channel="member", seller_id=None, buyer_id="P1",
                customer_email=None, bv="7.00", ordered_at="2020-02-10T12:00:00Z"),
        ],
        leads=[
            lead("L1", "12", email="una@asks.example", name="Una"),
            lead("L2", "29", email="wim@asks.example", name="Wim"),
            lead("L3", "29", email="wim@asks.example", name="Wim"),
        ],
        subscriptions=[
            row("subscriptions", consultant_id="M3", stopped_on="2020-02-25",
                customer_email="vic@own.example", started_on="2020-02-04"),
            row("subscriptions", subscription_id="S2", consultant_id="M4",
                customer_email="zoe@own.example", started_on="2020-02-04"),
        ],
        billings=[row("billings", billed_on="2020-02-20")],
    )  # fmt: skip
    write_book(folder / "book", january, february, policy=RULES)
    return close_quietly(folder / "book", folder / "home", "2020-02") / "leaders"


def part(leaders: Path, leader: str, name: str) -> str:
    """The text of a section of a page, up to the next one's title."""
    page = (leaders / leader / "index.html").read_text(encoding="utf-8")
    section = page.split(f'id="{name}"', 1)[1].split('<div class="head"', 1)[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", section))


def cards(leaders: Path, leader: str) -> dict[str, str]:
    """The figures of a page's cards by their names."""
    page = (leaders / leader / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<li class="card">.*?<a [^>]*>(.*?)</a>.*?class="value">(.*?)<', page, re.S)
    return dict(found)


class TestContacts:
    def test_what_was_due_stands_apart_from_what_can_still_be_done(self, leaders: Path) -> None:
        text = part(leaders, "M1", "referrals")
        still, due = text.split("Was due by 29 Feb 2020", 1)
        due, barred = due.split("Not to be contacted", 1)
        assert "Ola" in still and "Kim" not in still and "Kim" in due and "Bar" not in text
        assert "R4" in barred and "Does not want to be contacted" in barred

    def test_one_person_on_one_day_is_one_contact(self, leaders: Path) -> None:
        assert "R2, R3" in part(leaders, "M1", "referrals")
        assert "42.50" in part(leaders, "M1", "referrals")
        assert "L2, L3" in part(leaders, "M1", "leads")
        told = cards(leaders, "M1")
        assert told["People from the web shop to contact"] == "1"
        assert told["Leads to contact"] == "1"

    def test_orders_are_counted_as_orders(self, leaders: Path) -> None:
        assert len(read(leaders / "M1/referrals.csv")) == 4
        assert "4 orders from the web shop came to you" in part(leaders, "M1", "referrals")

    def test_what_was_due_is_counted_by_itself(self, leaders: Path) -> None:
        page = text_of(leaders / "M1/index.html")
        due = page.split("Was due by 29 Feb 2020; ", 1)[1].split("Your month in figures")[0]
        assert "1 first contact after an order from the web shop" in due
        assert "1 first contact with a lead" in due and "1 follow-up call" in due


class TestCalls:
    def test_calls_to_one_person_on_one_day_are_one(self, leaders: Path) -> None:
        told = part(leaders, "M1", "follow_ups")
        assert told.count("S1, S2") == 2, "their arrival, and how it goes"
        assert told.count("R2, R3") == 2 and "Introduce yourself" not in told
        # Sam, Tom and Zoe twice each, Ola twice, Kim's check-in: not Bar, who opted out.
        assert cards(leaders, "M1")["Calls to make"] == "9"

    def test_the_file_has_every_task(self, leaders: Path) -> None:
        tasks = [(line["order_id"], line["task"]) for line in read(leaders / "M1/follow_ups.csv")]
        assert {("S1", "arrival"), ("S2", "arrival"), ("R2", "contact")} <= set(tasks)
        assert len(tasks) == 3 * 3 + 4 * 2

    def test_a_page_says_where_it_counts_other_than_the_file(self, leaders: Path) -> None:
        assert "Several calls to one person" in part(leaders, "M1", "follow_ups")
        assert "Several calls to one person" not in part(leaders, "M2", "follow_ups")

    def test_nothing_waiting_is_never_followed_by_a_call_that_was_due(self, leaders: Path) -> None:
        page = text_of(leaders / "M2/index.html")
        assert "Nothing is waiting" not in page and "No deadline lies ahead of you." in page
        assert "1 follow-up call" in page
        assert "1 call was due by the end of the month; it is in the file." in page

    def test_nothing_is_waiting_where_nothing_was(self, leaders: Path) -> None:
        page = text_of(leaders / "M3/index.html")
        assert "Nothing is waiting for you." in page and "as due" not in page


class TestTheMonth:
    def test_own_volume_stands_beside_last_months(self, leaders: Path) -> None:
        page = text_of(leaders / "M1/index.html")
        assert re.search(r"Personal volume, BV\s*522\.50\s*January 2020 · 100\.00", page)
        svg = (leaders / "M1/index.html").read_text("utf-8")
        assert svg.count('<span class="spark">') == 2

    def test_the_line_in_figures(self, leaders: Path) -> None:
        told = part(leaders, "M1", "volume")
        for name, figure in {"People in your line": 3, "of them associates": 2,
                             "of them preferred customers": 1, "of them enrolled this month": 1,
                             "with volume of their own this month": 1}.items():  # fmt: skip
            assert f"{name} {figure} " in told, name
        assert "1 new this month" in text_of(leaders / "M1/index.html")
        assert "of them associates" not in part(leaders, "M3", "volume")

    def test_every_customer_is_listed_and_how_to_reach_them(self, leaders: Path) -> None:
        told = part(leaders, "M1", "customers")
        assert "2 customers are yours" in told and "Sam" in told and "tom@own.example" in told
        page = (leaders / "M2/index.html").read_text("utf-8")
        assert "vic@own.example" in page and "tel:+31612345678" in page and "New to you" not in page

    def test_what_the_next_window_asks_and_by_when(self, leaders: Path) -> None:
        told = part(leaders, "M1", "programme").split("The next window")[1]
        assert "From 24 Feb 2020 to 29 Mar 2020 everything counts anew" in told
        assert "by Sun, 29 Mar 2020" in told and "from 30 Mar 2020 to 3 May 2020" in told
        assert "Paid as Sales &lt;Director&gt; or above in every week (5 weeks)" in told
        assert "100.00 BV" in told and "enrolled" not in told

    def test_ranks_are_called_what_the_company_calls_them(self, leaders: Path) -> None:
        page = (leaders / "M1/index.html").read_text("utf-8")
        assert "<bdi>Sales &lt;Director&gt;</bdi>" in page and "director" not in page

    def test_commissions_stand_beside_last_months(self, leaders: Path) -> None:
        [earned] = read(leaders / "M3/commissions.csv")
        told = cards(leaders, "M3")["Commissions, EUR"]
        assert Decimal(told) == Decimal(earned["commission"]) == Decimal("6.00")
        assert "The month before it was 0.00 EUR." in part(leaders, "M3", "commissions")


def test_nobody_sees_another_leaders_people(leaders: Path) -> None:
    people = {"kim", "ola", "bar", "sam", "tom", "zoe", "vic", "una", "wim"}
    own = {"M1": people - {"bar", "vic"}, "M2": {"vic"}, "M3": {"vic"}, "M4": {"zoe"}}
    named = own | {"M3": set(), "M4": set()}
    assert {path.name for path in leaders.iterdir()} == set(own)
    for leader, addresses in own.items():
        page = (leaders / leader / "index.html").read_text("utf-8")
        assert set(re.findall(r"([a-z]+)@\w+\.example", page)) == addresses, leader
        assert {one for one in people if f"{one.title()}<" in page} == named[leader], leader


def test_what_a_customer_told_another_seller_is_not_passed_on(leaders: Path) -> None:
    [customer] = read(leaders / "M4/customers.csv")
    assert customer["customer_email"] == "zoe@own.example"
    page = (leaders / "M4/index.html").read_text("utf-8")
    assert "zoe@own.example" in page and 'href="tel:' not in page
    assert 'href="tel:' in (leaders / "M1/index.html").read_text("utf-8")
