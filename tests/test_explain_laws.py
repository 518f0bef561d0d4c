"""What `explain` says agrees with the reports, the ledger and the drops, for every id of a book.

Belongs here: the laws, each from the files themselves, read in another way. Sentences and bad input
are in test_explain.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from conftest import SAMPLE, close_quietly
from explained_books import Case, Row, explained
from random_books import random_book

from pipelines.months import Month
from pipelines.proof.closed_home import look_at
from pipelines.proof.explain import tell_story
from pipelines.proof.reasons.rotation import SOURCES, held_seats, queue_before
from pipelines.proof.story import as_json

pytestmark = pytest.mark.long

REPORTS_BY_ORDER = ("referral/assignments", "referral/reassignments", "returns/decisions",
                    "returns/unmatched", "returns/follow_ups")  # fmt: skip
REPORTS_BY_MEMBER = ("referral/assignments", "finance/statements", "finance/volume",
                     "inactivity/flagged", "inactivity/removed", "inactivity/still_present",
                     "inactivity/compression", "inactivity/effect", "inactivity/lists",
                     "inactivity/notices")  # fmt: skip


@pytest.fixture(
    scope="module", params=["sample", pytest.param("random", marks=pytest.mark.exhaustive)]
)
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Case]:
    """The sample book, and a random one."""
    if request.param == "sample":
        home = request.getfixturevalue("closed_sample")
        with explained(SAMPLE, home) as found:
            yield found
        return
    folder = tmp_path_factory.mktemp("random")
    book = random_book(7).write(folder / "book")
    close_quietly(book, folder / "home", "2020-03")
    with explained(book, folder / "home") as found:
        yield found


def decided(story: dict[str, Any], report: str) -> list[tuple[str, Row]]:
    """A story's rows of a report, each with its month."""
    return [(d["month"], d["row"]) for d in story["decisions"] if d["report"] == report]


def expected(case: Case, report: str, ids: set[str], *columns: str) -> list[tuple[str, Row]]:
    """A report's rows of all months with one of the ids in a column, each with its month."""
    return [
        (month, row)
        for month in case.files.months
        for row in case.files.report(month, report)
        if ids & {row[column] for column in columns}
    ]


def seats_by_month(case: Case, month: str) -> dict[str, str]:
    """The seat of every associate of a snapshot."""
    return {
        row["member_id"]: row.get("business_id") or row["member_id"]
        for _, _, row in case.files.rows(month, "members")
        if row["member_type"] == "associate"
    }


@pytest.mark.long
def test_an_orders_decisions_are_its_rows_of_the_reports(case: Case) -> None:
    for (kind, id), story in case.stories.items():
        if kind != "order":
            continue
        for report in REPORTS_BY_ORDER:
            assert decided(story, report) == expected(case, report, {id}, "order_id")
        rans = {row["ran_id"] for month in case.files.months
                for _, _, row in case.files.rows(month, "returns")
                if row["order_id"] == id}  # fmt: skip
        lines = expected(case, "returns/lines", rans, "ran_id")
        assert decided(story, "returns/lines") == lines


def test_a_members_decisions_are_its_rows_of_the_reports(case: Case) -> None:
    seats = {month: seats_by_month(case, month) for month in case.files.months}
    for (kind, id), story in case.stories.items():
        if kind != "member":
            continue
        for report in REPORTS_BY_MEMBER:
            found = expected(case, report, {id}, "member_id")
            assert decided(story, report) == found, (id, report)
        leads = expected(case, "referral/leads", {id}, "member_id", "delegate_id")
        assert decided(story, "referral/leads") == leads
        value = expected(case, "customers/value", {id}, "owner_id")
        assert decided(story, "customers/value") == value
        funnel = expected(case, "onboarding/funnel", {id}, "partner_id")
        assert decided(story, "onboarding/funnel") == funnel
        judged = expected(case, "referral/qualification", set(case.files.months), "month")
        own = [(month, row) for month, row in judged if row["seat_id"] == seats[month].get(id)]
        assert decided(story, "referral/qualification") == own


def test_a_seats_decisions_are_its_rows_of_the_reports(case: Case) -> None:
    for (kind, id), story in case.stories.items():
        if kind != "seat":
            continue
        for report in ("referral/qualification", "referral/assignments", "referral/leads"):
            assert decided(story, report) == expected(case, report, {id}, "seat_id")
        assert story["entries"] == []


def test_entries_are_the_ledgers(case: Case) -> None:
    for (kind, id), story in case.stories.items():
        if kind == "seat":
            continue
        column = "order_id" if kind == "order" else "member_id"
        found = expected(case, "finance/bv_ledger", {id}, column)
        assert story["entries"] == [{"month": month} | row for month, row in found]


def test_everything_is_in_the_contracts_order_and_shape(case: Case) -> None:
    keys = ["kind", "id", "months", "facts", "quarantined", "decisions", "entries", "related"]
    for (kind, _), story in case.stories.items():
        assert list(story) == keys + (["queue"] if kind == "seat" else [])
        facts = [(f["drop"], f["table"], f["file"], f["line"]) for f in story["facts"]]
        assert facts == sorted(facts) and len(set(facts)) == len(facts)
        made = [(d["month"], d["report"]) for d in story["decisions"]]
        assert made == sorted(made)
        posted = [(e["month"], int(e["posting_no"])) for e in story["entries"]]
        assert posted == sorted(posted)
        assert story["months"] == case.files.months


def test_an_orders_facts_are_the_drops_rows_that_name_it(case: Case) -> None:
    tables = ("orders", "order_lines", "reversals", "reassignments", "party_links", "returns")
    events = ("orders", "reversals", "reassignments", "party_links")
    for (kind, id), story in case.stories.items():
        if kind != "order":
            continue
        found = {(f["table"], f["drop"], f["file"], f["line"]) for f in story["facts"]
                 if f["table"] in tables}  # fmt: skip
        named = set()
        for table in tables:
            met: set[str] = set()
            for month in case.files.months:
                left_out = case.files.left_out(month)
                for file, line, row in case.files.rows(month, table):
                    key = row.get("reversal_id") or row["order_id"]
                    if table == "order_lines":
                        key = f"{key}/{row['line_no']}"
                    is_event = table in events or table == "order_lines"
                    if row["order_id"] != id or (file, line) in left_out:
                        continue
                    if not (is_event and key in met):
                        named.add((table, month, file, line))
                    met.add(key)
        assert found == named, id


def test_a_members_facts_are_the_drops_rows_that_name_it(case: Case) -> None:
    columns = {"paid_ranks": ["member_id"], "holds": ["member_id"], "parties": ["consultant_id"],
               "delegates": ["member_id", "delegate_id"], "subscriptions": ["consultant_id"],
               "accounts": ["partner_id"]}  # fmt: skip
    last = case.files.months[-1]
    for (kind, id), story in case.stories.items():
        if kind != "member":
            continue
        found = {(f["table"], f["drop"], f["file"], f["line"]) for f in story["facts"]
                 if f["table"] in columns}  # fmt: skip
        named = {
            (table, month, file, line)
            for table, names in columns.items()
            for month in case.files.months
            for file, line, row in case.files.rows(month, table)
            if id in [row[name] for name in names]
            and (file, line) not in case.files.left_out(month)
        }
        assert found <= named
        again = {(table, month) for table, month, _, _ in named - found}
        assert all(table == "paid_ranks" for table, _ in again), "only events are met again"
        own = [f for f in story["facts"] if f["table"] == "members"]
        here = [(file, line) for file, line, row in case.files.rows(last, "members")
                if row["member_id"] == id][:1]  # fmt: skip
        assert [(f["file"], f["line"]) for f in own] == here


def test_a_facts_text_is_the_record_that_stands_in_the_file(case: Case) -> None:
    compared = 0
    for story in case.stories.values():
        for fact in story["facts"]:
            if fact["raw"] is None:
                assert fact["raw_is"] == "sealed"
                assert "true" in fact["row"].values(), "only who has opted out is withheld"
                continue
            records = case.files.records(fact["drop"], fact["file"])
            [cells] = list(csv.reader(io.StringIO(fact["raw"], newline="")))
            assert cells == records[fact["line"] - 1]
            row = dict(zip(records[0], cells, strict=True))
            for name, cell in fact["row"].items():
                if name.endswith("_id") and fact["table"] != "members":
                    assert (cell or "") == row.get(name, "")
            compared += 1
    assert compared > 300


def test_of_every_record_one_version_stands(case: Case) -> None:
    keys = {"returns": ["ran_id"], "return_lines": ["ran_id", "product_code"]}
    for (kind, _), story in case.stories.items():
        if kind != "order":
            continue
        for table, names in keys.items():
            rows = [f for f in story["facts"] if f["table"] == table]
            for key in {tuple(f["row"][name] for name in names) for f in rows}:
                own = [f for f in rows if tuple(f["row"][name] for name in names) == key]
                assert [f["standing"] for f in own] == [False] * (len(own) - 1) + [True]


def test_every_decision_has_its_reasons(case: Case) -> None:
    for story in case.stories.values():
        for decision in story["decisions"]:
            assert decision["because"] and all(decision["because"]), decision
            assert decision["rule"].startswith("2.")


def test_the_queue_as_told_gives_the_seat_that_was_dealt_to(case: Case) -> None:
    dealt = 0
    for report, (deals, key, _, _) in SOURCES.items():
        numbers = {
            row["source_id"]: row["deal_no"]
            for row in case.looked.rows(
                "select source_id, deal_no from referral.deals where kind = $deals", deals=deals
            )
        }
        table, day = ("orders", "ordered_on") if deals == "order" else ("leads", "requested_on")
        days: dict[str, date] = {
            row["id"]: row["day"]
            for row in case.looked.rows(f"select {key} as id, {day} as day from drops.{table}")
        }
        for month, row in expected(case, report, {"assigned", "no_leader"}, "outcome"):
            holds = held_seats(case.looked, month, row["benefits_month"], days[row[key]])
            eligible = [seat for seat, hold in holds.items() if not hold]
            if row["outcome"] == "no_leader":
                assert eligible == []
                continue
            last = queue_before(case.looked, deals, month, numbers[row[key]])
            first = min(eligible, key=lambda seat: (last.get(seat, {}).get("deal_no", 0), seat))
            assert first == row["seat_id"]
            dealt += 1
    assert dealt > 10


def test_a_seats_queue_is_told_for_the_months_in_which_it_qualified(case: Case) -> None:
    for (kind, id), story in case.stories.items():
        if kind != "seat":
            continue
        rows = expected(case, "referral/qualification", {id}, "seat_id")
        qualified = [month for month, row in rows if row["qualified"] == "true"]
        told = [(place["month"], place["deals"]) for place in story["queue"]]
        assert told == [(month, deals) for month in qualified for deals in ("order", "lead")]
    for month in case.files.months:
        places = [
            place["place"]
            for (kind, _), story in case.stories.items()
            if kind == "seat"
            for place in story["queue"]
            if place["month"] == month and place["deals"] == "order"
        ]
        assert sorted(places) == list(range(1, len(places) + 1))


@pytest.mark.exhaustive
@pytest.mark.long
def test_of_one_month_alone_nothing_of_a_later_one_is_told(case: Case) -> None:
    month = case.files.months[1]
    with look_at(case.looked.home, case.looked.book_folder, Month(month)) as looked:
        for (kind, id), whole in case.stories.items():
            known = [f for f in whole["facts"] if f["drop"] <= month]
            if kind == "order" and not known:
                continue
            if kind == "member" and not any(
                row["member_id"] == id
                for each in case.files.months[:2]
                for _, _, row in case.files.rows(each, "members")
            ):
                continue
            if kind == "seat" and not known:
                continue
            try:
                story = as_json(tell_story(looked, kind, id))
            except Exception as error:
                raise AssertionError(f"{kind} {id}") from error
            assert all(f["drop"] <= month for f in story["facts"])
            of_month = [(d["report"], d["row"]) for d in whole["decisions"] if d["month"] == month]
            assert [(d["report"], d["row"]) for d in story["decisions"]] == of_month
            assert story["entries"] == [e for e in whole["entries"] if e["month"] == month]
            own = [f for f in story["facts"] if f["table"] == "members"]
            here = [(file, line) for file, line, row in case.files.rows(month, "members")
                    if id == (row["member_id"] if kind == "member" else
                              row.get("business_id") or row["member_id"])
                    and (file, line) not in case.files.left_out(month)]  # fmt: skip
            assert kind == "order" or [(f["file"], f["line"]) for f in own] == here
