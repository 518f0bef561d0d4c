"""What `explain` says in words, what it keeps to itself, and what it refuses.

Belongs here: sentences of known cases, the page, privacy, files that have changed, bad input. That
facts, decisions and entries are right for every id is in test_explain_laws.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import SAMPLE, close_quietly
from html_pages import read_page
from small_book import drop, row, write_book
from upline_command import Outcome, contents, upline

pytestmark = pytest.mark.long


def explain(home: Path, *arguments: str | Path, book: Path = SAMPLE) -> Outcome:
    """Run `upline explain`."""
    return upline("explain", *arguments, "--book", book, "--home", home)


def story(home: Path, *arguments: str, book: Path = SAMPLE) -> dict[str, Any]:
    """What it says as JSON."""
    done = explain(home, *arguments, "--json", book=book)
    assert done.code == 0, done.err
    told: dict[str, Any] = json.loads(done.out)
    return told


@pytest.fixture
def own_home(closed_sample: Path, tmp_path: Path) -> Path:
    """A copy of the closed sample, for a test that changes it."""
    shutil.copytree(closed_sample, tmp_path / "home")
    return tmp_path / "home"


SENTENCES = {
    ("order", "R101", "2020-01", "referral/assignments"):
        "no benefits window of the calendar holds its business date, 2020-01-14",
    ("order", "R102", "2020-01", "referral/assignments"):
        "DE is not one of the programme's countries (GB, IE, NL, BE, ES)",
    ("order", "R203", "2020-02", "referral/assignments"):
        "of 3 eligible seats Carmen was served longest ago: never served before, first by id of 2 "
        "such seats",
    ("order", "R205", "2020-02", "referral/assignments"):
        "credited to Bram-2, its centre enrolled last by that day (2020-02-12); its other centres: "
        "Bram",
    ("order", "R403", "2020-04", "referral/assignments"):
        "seat B-VISSER is not eligible: a standing hold of Bram (HOLD-3, 2020-04-10 to 2020-04-30) "
        "is in force on 2020-04-11",
    ("order", "R207", "2020-02", "referral/reassignments"):
        "the order came 6 business days before the request; at most 3 count",
    ("order", "R304", "2020-03", "referral/reassignments"):
        "the order came 3 business days before the request; at most 3 count: 17 March is a holiday "
        "in IE",
    ("order", "R205", "2020-02", "referral/reassignments"):
        "nothing is left of its 60.00 BV to move",
    ("order", "R208", "2020-02", "referral/reassignments"):
        "Daan is not an associate in the snapshot of 2020-02",
    ("order", "H13", "2020-01", "returns/decisions"):
        "reported 23 business days after delivery on 2019-12-06; goods damaged in transit must be "
        "reported within 7",
    ("order", "S104", "2020-02", "returns/decisions"):
        "asked for 22 days after delivery on 2020-01-23; the guarantee for a change of mind is 15 "
        "days",
    ("order", "S101", "2020-02", "returns/decisions"):
        "not received by 2020-02-29, 26 days after the return number was issued on 2020-02-03; at "
        "most 14 count",
    ("order", "S301", "2020-04", "returns/decisions"):
        "a refund of 35.00 EUR is due (25.00 BV), 0.00 was made by 2020-04-30: difference 35.00",
    ("order", "R402", "2020-04", "returns/unmatched"):
        "the refund names RAN-999, which is no known RAN of this order",
    ("seat", "Wei", "2020-01", "referral/qualification"):
        "not in good standing: a standing hold of Wei (HOLD-1, 2020-01-20 to 2020-01-25) touches "
        "the window, 2019-12-30 to 2020-01-26",
    ("seat", "Wei", "2020-02", "referral/qualification"):
        "barred: a referral hold of Wei (HOLD-2, from 2020-02-20) is in force on 2020-03-02, when "
        "the benefits start",
    ("member", "Bram-2", "2020-02", "referral/qualification"):
        "its best order in the window has 90.00 BV left on 2020-02-23; 100.00 is needed",
    ("member", "Lucia", "2020-03", "inactivity/removed"):
        "its last activity was on 2018-01-15: its sale H03",
    ("member", "Ling", "2020-04", "inactivity/flagged"):
        "M309 of 2020-03-25 does not count: it is cancelled",
    ("member", "Lucia", "2020-01", "inactivity/flagged"):
        "notice on 2020-02-15, deadline 2020-03-16: notice is on day 15 of the month in ES, the "
        "deadline 30 days later",
    ("member", "Diego", "2020-04", "inactivity/still_present"):
        "removed by the close of 2020-03, it stands in the snapshot of 2020-04 without activity "
        "since: neither flagged nor removed anew",
    ("member", "Lucia", "2020-04", "inactivity/compression"):
        "ancestors before: Diego, Carmen, Anna; after: Carmen, Anna",
}  # fmt: skip


@pytest.mark.parametrize("known", SENTENCES, ids=lambda known: "-".join(known[1:]))
def test_a_rules_reason_is_told_with_its_figures(
    closed_sample: Path, known: tuple[str, str, str, str]
) -> None:
    kind, id, month, report = known
    found = [
        reason
        for decision in story(closed_sample, kind, id)["decisions"]
        if (decision["month"], decision["report"]) == (month, report)
        for reason in decision["because"]
    ]
    assert SENTENCES[known] in found


@pytest.mark.long
def test_a_week_paid_at_a_lower_rank_is_told_and_one_not_paid_at_all(tmp_path: Path) -> None:
    weeks = {"2019-12-30": "director", "2020-01-06": "manager", "2020-01-20": "director"}
    book = write_book(
        tmp_path / "book",
        drop(paid_ranks=[row("paid_ranks", week_start=week, rank=rank)
                         for week, rank in weeks.items()]),
    )  # fmt: skip
    close_quietly(book, tmp_path / "home", "2020-01")
    told = explain(tmp_path / "home", "seat", "M1", book=book).out
    assert "paid as manager in the week of 2020-01-06; director is needed" in told
    assert "not paid in the week of 2020-01-13; director is needed" in told


@pytest.mark.long
def test_a_request_too_late_is_told_with_the_holiday_that_did_not_count(tmp_path: Path) -> None:
    """The order came on a Thursday; Monday 27 April 2020 is the king's day in the Netherlands."""
    weeks = [row("paid_ranks", week_start=week) for week in
             ("2020-02-24", "2020-03-02", "2020-03-09", "2020-03-16", "2020-03-23")]  # fmt: skip
    own = row("orders", order_id="W", channel="member", seller_id=None, buyer_id="M1",
              ordered_at="2020-03-20T12:00Z", bv="100.00")  # fmt: skip
    retail = row("orders", order_id="R", channel="retail", seller_id=None,
                 ordered_at="2020-04-23T12:00Z")  # fmt: skip
    request = row("reassignments", order_id="R", requested_at="2020-04-30T12:00Z")
    empty = drop(orders=[])
    book = write_book(
        tmp_path / "book", empty, empty, drop(orders=[own], paid_ranks=weeks),
        drop(orders=[retail], reassignments=[request]),
    )  # fmt: skip
    close_quietly(book, tmp_path / "home", "2020-04")
    told = explain(tmp_path / "home", "order", "R", book=book).out
    assert (
        "the order came 4 business days before the request; at most 3 count: 27 April is a holiday "
        "in NL" in told
    )


def test_text_is_a_line_a_thing_in_order_of_time(closed_sample: Path) -> None:
    done = explain(closed_sample, "order", "R403")
    assert done.code == 0
    head, *lines, related = done.out.splitlines()
    assert head == "order R403, 2020-01 to 2020-04"
    assert related.startswith("see also: ")
    days = [line[:10] for line in lines]
    assert days == sorted(days) and days[0] == "2020-04-11"
    assert lines[2] == (
        "2020-04-11  orders.csv line 19 of 2020-04: retail order R403, NL, 60.00 EUR, 45.00 BV"
    )
    assert lines[-1] == (
        "2020-04-30  ledger of 2020-04, posting 26: reversal of -45.00 BV, order R403, Yara, "
        "cancellation"
    )


def test_text_names_nobody(closed_sample: Path) -> None:
    for kind, id in (
        ("order", "S101"),
        ("member", "Emma"),
        ("seat", "B-VISSER"),
        ("order", "R104"),
    ):
        told = explain(closed_sample, kind, id).out
        for personal in ("@", "Fraser", "Byrne", "Visser", "+44", "+353", "+31", "Vink"):
            assert personal not in told.replace("B-VISSER", "")


def test_a_late_document_is_told_to_post_in_the_open_month(closed_sample: Path) -> None:
    told = explain(closed_sample, "order", "R104").out
    assert "first loaded by the drop of 2020-02, so it posts in 2020-02" in told
    assert "orders.csv line 37 of 2020-01, orders R104: left out, missing in customer_email" in told


def test_the_page_holds_the_story_and_escapes_it(own_home: Path, tmp_path: Path) -> None:
    page = tmp_path / "story.html"
    done = explain(own_home, "order", "S301", "--html", page)
    assert (done.code, done.out) == (0, f"{page}\n")
    assert page.stat().st_mode & 0o777 == 0o600
    text = page.read_text()
    read_page(page)
    assert "no return number was issued by 2020-03-31" in text
    assert "RAN-302,S301,changed_mind,2020-03-30,2020-03-26" in text
    assert "<script>alert" not in text


@pytest.mark.long
def test_hostile_cells_do_not_act_on_page_or_terminal(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\x1b[2J"
    book = write_book(tmp_path / "book", drop(orders=[row("orders", customer_name=hostile)]))
    close_quietly(book, tmp_path / "home", "2020-01")
    page = tmp_path / "page.html"
    assert explain(tmp_path / "home", "order", "O1", "--html", page, book=book).code == 0
    assert "<script>alert" not in page.read_text() and "\x1b" not in page.read_text()
    assert "\x1b" not in explain(tmp_path / "home", "order", "O1", book=book).out


NAME, MAIL, PHONE = "Quite Private", "private@nobody.example", "+31 99 888 777"


@pytest.fixture(scope="module")
def opted_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A book of a customer who has opted out, and is named in other rows and files as well."""
    folder = tmp_path_factory.mktemp("opted")
    order = row("orders", order_id="R1", channel="retail", seller_id=None, contact_opt_out="true",
                customer_name=NAME, customer_email=MAIL, customer_phone=PHONE)  # fmt: skip
    lines = f'order_id,line_no,product_code,quantity,amount,bv,to\nR1,1,X,1,1,1,"{NAME}, {PHONE}"\n'
    again = order | {"contact_opt_out": None, "bv": "1.00"}
    bad = order | {"order_id": "R2", "amount": "much", "party_id": "R1"}
    lead = row("leads", contact_opt_out="true", name=NAME, email=MAIL, phone=PHONE, country="X")
    book = write_book(
        folder / "book",
        drop({"order_lines.csv": lines}, orders=[row("orders"), order, bad],
             leads=[lead | {"lead_id": "R1"}]),
        drop(orders=[again], returns=[row("returns", order_id="R1")]),
    )  # fmt: skip
    close_quietly(book, folder / "home", "2020-02")
    return book, folder / "home"


@pytest.mark.long
def test_of_who_has_opted_out_no_name_address_or_number_is_told(
    opted_out: tuple[Path, Path], tmp_path: Path
) -> None:
    book, home = opted_out
    page = tmp_path / "page.html"
    told = ""
    for kind, id in (("order", "R1"), ("member", "M1"), ("seat", "M1")):
        for more in ([], ["--month", "2020-01"], ["--month", "2020-02"]):
            for way in (["--json"], [], ["--html", str(page)]):
                done = explain(home, kind, id, *more, *way, book=book)
                assert done.code == 0, done.err
                told += done.out + (page.read_text() if page.exists() else "")
    for personal in (NAME, MAIL, PHONE, "Private", "nobody.example", "888 777"):
        assert personal not in told
    assert "the customer has opted out of contact: name, e-mail and phone are withheld" in told
    quarantined = story(home, "order", "R1", book=book)["quarantined"]
    assert {(each["table"], each["code"]) for each in quarantined} == {
        ("orders", "changed"), ("orders", "type"), ("leads", "value"),
    }  # fmt: skip
    assert [each["raw"] for each in quarantined] == [None, None, None]


def test_a_sellers_own_customer_is_no_stranger(tmp_path: Path) -> None:
    order = row("orders", contact_opt_out="true", customer_name=NAME)
    book = write_book(tmp_path / "book", drop(orders=[order]))
    close_quietly(book, tmp_path / "home", "2020-01")
    [fact] = story(tmp_path / "home", "order", "O1", book=book)["facts"]
    assert fact["row"]["customer_name"] == NAME and NAME in fact["raw"]


def test_a_file_that_is_not_the_sealed_one_gives_no_text(
    closed_sample: Path, tmp_path: Path
) -> None:
    book = Path(shutil.copytree(SAMPLE, tmp_path / "book"))
    with (book / "2020-04" / "orders.csv").open("a") as file:
        file.write("\n")
    (book / "2020-04" / "reversals.csv").unlink()
    facts = story(closed_sample, "order", "R403", book=book)["facts"]
    found = {fact["table"]: (fact["raw_is"], fact["raw"]) for fact in facts}
    assert found == {
        "orders": ("changed", None), "reversals": ("missing", None),
        "order_lines": ("sealed", "R403,2,BARS,1,20.00,15.00"),
        "reassignments": ("sealed", "R403,Yara,2020-04-16 10:00"),
    }  # fmt: skip


@pytest.mark.long
def test_a_parquet_file_has_no_text(tmp_path: Path) -> None:
    import polars as pl

    book = write_book(tmp_path / "book", drop(orders=[row("orders")]))
    path = book / "2020-01" / "orders.csv"
    pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
    path.unlink()
    close_quietly(book, tmp_path / "home", "2020-01")
    [fact] = story(tmp_path / "home", "order", "O1", book=book)["facts"]
    assert (fact["raw_is"], fact["raw"], fact["file"]) == ("not_text", None, "orders.parquet")


@pytest.mark.long
def test_a_record_of_several_lines_is_told_whole(tmp_path: Path) -> None:
    order = row("orders", customer_name='Kim\n"the\r\nfirst", of two')
    book = write_book(tmp_path / "book", drop(orders=[row("orders", order_id="O0"), order]))
    close_quietly(book, tmp_path / "home", "2020-01")
    [fact] = story(tmp_path / "home", "order", "O1", book=book)["facts"]
    assert fact["line"] == 3 and 'Kim\n""the\r\nfirst"", of two' in fact["raw"]
    assert fact["raw"].startswith("O1,")


def test_a_members_row_of_an_earlier_month_is_read_from_its_drop(closed_sample: Path) -> None:
    told = story(closed_sample, "member", "Iris", "--month", "2020-03")
    [own] = [fact for fact in told["facts"] if fact["table"] == "members"]
    assert (own["drop"], own["row"]["sponsor_id"], own["standing"]) == ("2020-03", "Hugo", True)
    later = story(closed_sample, "member", "Iris")
    [own] = [fact for fact in later["facts"] if fact["table"] == "members"]
    assert (own["drop"], own["row"]["sponsor_id"]) == ("2020-04", "Fleur")
    assert own["row"]["enroller_id"] is None, "the one it names is not in the snapshot"
    assert told["months"] == ["2020-03"]


def test_of_one_month_a_members_orders_are_told(closed_sample: Path) -> None:
    told = story(closed_sample, "member", "Bram-2", "--month", "2020-04")
    orders = {fact["row"]["order_id"] for fact in told["facts"] if fact["table"] == "orders"}
    assert orders == {"M402", "R402"}
    whole = story(closed_sample, "member", "Bram-2")
    assert not [fact for fact in whole["facts"] if fact["table"] == "orders"]


def test_a_seats_queue_tells_place_and_last_deal(closed_sample: Path) -> None:
    assert story(closed_sample, "seat", "B-VISSER")["queue"][2] == {
        "month": "2020-03", "deals": "order", "place": 2, "seats": 2,
        "last_deal": {"id": "R309", "month": "2020-03"},
    }  # fmt: skip


REFUSED = {
    ("order", "M114"): "order 'M114' is not known in 2020-01 to 2020-04: 1 quarantined row names "
                       "it: orders.csv line 40 of 2020-01 (value channel)",
    ("order", "nowhere"): "no quarantined row names it either",
    ("member", "Nobody"): "orders.csv line 30 of 2020-02 (reference seller_id)",
    ("seat", "Bram"): "Bram is a centre of seat B-VISSER",
    ("member", ""): "member '' is not known",
    ("order", "R101", "--month", "2021-01"): "2021-01 is not closed",
}  # fmt: skip


@pytest.mark.parametrize("asked", REFUSED, ids=lambda asked: "-".join(asked))
def test_what_is_not_known_is_refused_in_one_sentence(
    own_home: Path, asked: tuple[str, ...]
) -> None:
    before = contents(own_home)
    done = explain(own_home, *asked)
    assert (done.code, done.out) == (2, "")
    assert REFUSED[asked] in done.err and done.err.count("\n") == 1
    assert contents(own_home) == before


def test_a_home_or_book_that_is_not_whole_is_refused(own_home: Path, tmp_path: Path) -> None:
    assert "no month is closed there" in explain(tmp_path / "none", "order", "R101").err
    assert not (tmp_path / "none").exists()
    assert "no such folder" in explain(own_home, "order", "R101", book=tmp_path / "no book").err
    (own_home / "warehouse.duckdb").unlink()
    done = explain(own_home, "order", "R101")
    assert done.code == 2 and "it is missing; close again to have it published" in done.err


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_warehouse_of_an_earlier_version_is_made_anew_as_it_says(
    own_home: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(own_home / "warehouse.duckdb")) as con:
        con.execute("drop table referral.known_centres")
    done = explain(own_home, "seat", "Wei")
    assert done.code == 2 and "another version of the program made it; remove it and" in done.err
    (own_home / "warehouse.duckdb").unlink()
    (own_home / "work" / "warehouse.duckdb").unlink()
    again = upline("close", "2020-04", "--book", SAMPLE, "--home", own_home)
    assert again.code == 0, again.err
    assert explain(own_home, "seat", "Wei").code == 0


def test_a_home_at_work_is_refused(own_home: Path) -> None:
    with (own_home / "work" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = explain(own_home, "order", "R101")
    assert done.code == 2 and "another command is at work" in done.err


def test_a_seal_edited_by_hand_is_not_what_is_published(own_home: Path) -> None:
    path = own_home / "reports" / "2020-02" / "seal.json"
    path.write_text(path.read_text() + "\n")
    done = explain(own_home, "order", "R101")
    assert done.code == 2 and "is not of the seal of 2020-02" in done.err


def test_a_policy_that_has_changed_is_not_told_as_if_it_had_decided(
    closed_sample: Path, tmp_path: Path
) -> None:
    book = Path(shutil.copytree(SAMPLE, tmp_path / "book"))
    path = book / "policy.toml"
    path.write_text(path.read_text().replace("min_order_bv = 100", "min_order_bv = 90"))
    done = explain(closed_sample, "seat", "Wei", book=book)
    assert done.code == 2 and "is not the one that it was closed with; restore it" in done.err


def test_a_page_is_not_written_into_book_or_home(own_home: Path, tmp_path: Path) -> None:
    before = contents(own_home)
    for path, told in (
        (own_home / "reports" / "x.html", "which is only read"),
        (tmp_path / "no" / "x.html", "there is no such folder"),
        (tmp_path, "is a folder"),
    ):
        done = explain(own_home, "order", "R101", "--html", path)
        assert done.code == 2 and told in done.err
    assert contents(own_home) == before


def test_explaining_writes_nothing_into_the_home(own_home: Path) -> None:
    before = contents(own_home)
    assert explain(own_home, "member", "Bram", "--month", "2020-02").code == 0
    assert contents(own_home) == before


def test_every_quarantined_row_that_names_an_unknown_id_is_told(own_home: Path) -> None:
    with duckdb.connect(str(own_home / "warehouse.duckdb")) as con:
        con.execute(
            "insert into quality.quarantine select '2020-01', 'orders', repeat('x', 50) || n, n, "
            "'lost', 'value', 'channel', 'lost,x' from range(2, 22) as numbers(n)"
        )
    done = explain(own_home, "order", "lost")
    assert done.code == 2
    assert "20 quarantined rows name it" in done.err and "and 17 more" in done.err
    assert len(done.err) < 400
    lines = done.out.splitlines()
    assert len(lines) == 20
    assert all(line.startswith("2020-01  xxx") and line.endswith("  value channel")
               for line in lines)  # fmt: skip
    found = json.loads(explain(own_home, "order", "lost", "--json").out)["quarantined"]
    assert sorted(each["line"] for each in found) == list(range(2, 22))
