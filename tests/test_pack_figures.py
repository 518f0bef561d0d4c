"""The figures of leaders' pages: those of the month's CSVs, as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from test_packs import read

from pipelines.months import Month
from pipelines.reports.packs.languages import Language, load_language

MONTHS = ["2020-01", "2020-02", "2020-03", "2020-04"]
ZONE = ZoneInfo("Europe/Amsterdam")
# Who is who in a file of people to contact, and what names them unless they opted out.
CONTACTS = {
    "referrals": (("customer_email",), ("customer_email",)),
    "leads": (("email", "phone", "lead_id"), ("name", "email", "phone")),
}
VOLUMES = ("personal_bv", "group_bv", "payline_bv")
Line = dict[str, str]


def language_of(page: str) -> Language:
    [tag] = re.findall(r'<html lang="([a-z]+)', page)
    return load_language(tag)


def by(path: Path, key: str) -> dict[str, Line]:
    return {line[key]: line for line in read(path)}


def tables_of(page: str, id: str) -> list[list[list[str]]]:
    """The cells of each row of each table of a section; figures after a change stand behind."""
    section = page.split(f'id="{id}"', 1)[1].split('<div class="head"', 1)[0]
    return [
        [
            [figure for cell in re.findall(r'<td class="num">(.*?)</td>', row, re.S)
             for figure in re.findall(r"(?:^|<strong>)([^<]+)", cell)]
            for row in re.findall("<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S)
        ]
        for table in section.split("<table")[1:]
    ]  # fmt: skip


def cards_of(page: str) -> dict[str, list[str]]:
    """The figures of the cards that lead to each part: of what waits, then of the month."""
    found: dict[str, list[str]] = {}
    for card in re.findall(r'<li class="card">(.*?)</li>', page, re.S):
        [href] = re.findall('href="#([a-z_]+)"', card)
        found.setdefault(href, []).extend(re.findall(r'class="value">([^<]*)<', card))
    return found


@pytest.mark.parametrize("month", MONTHS)
def test_a_page_tells_the_volume_of_its_leader(closed_sample: Path, month: str) -> None:
    folder = closed_sample / "reports" / month
    volumes = by(folder / "finance/volume.csv", "member_id")
    before = by(folder.parent / Month(month).previous.text / "finance/volume.csv", "member_id")
    effects = by(folder / "inactivity/effect.csv", "member_id")
    for path in (folder / "leaders").glob("*/index.html"):
        page, leader = path.read_text(encoding="utf-8"), path.parent.name
        write = language_of(page).amount

        def told(lines: dict[str, Line], kind: str, leader: str = leader,
                 write: Callable[[Decimal], str] = write) -> str:  # fmt: skip
            return write(Decimal(lines.get(leader, {}).get(kind, "0")))

        expected = [[told(volumes, kind)] for kind in VOLUMES]
        effect = effects.get(leader)
        if effect and effect["payline_bv_before"] != effect["payline_bv_after"]:
            expected[2].append(told(effects, "payline_bv_after"))
        if month != MONTHS[0]:
            expected = [row + [told(before, VOLUMES[at])] for at, row in enumerate(expected)]
        volume, line = tables_of(page, "volume")
        assert volume == expected, path
        if effect and effect["legs_before"] != effect["legs_after"]:
            assert line[-1] == [effect["legs_before"], effect["legs_after"]]
        else:
            assert len(line[-1]) == 1
        assert cards_of(page)["volume"][:2] == [told(volumes, kind) for kind in VOLUMES[:2]]


def test_a_page_counts_the_people_below_its_leader(closed_sample: Path) -> None:
    with closing(duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True)) as con:
        statements = con.execute(
            "select member_id, net_bv from finance.statements where close_month = '2020-04'"
        ).fetchall()
        members = con.execute(
            "select member_id, sponsor_id, member_type, enrolled_on from extracts.members"
        ).fetchall()
    net = dict(statements)
    below: dict[str | None, list[tuple[str, str, Month, bool]]] = {}
    for member, sponsor, kind, enrolled, *_ in members:
        below.setdefault(sponsor, []).append(
            (member, kind, Month(f"{enrolled:%Y-%m}"), net.get(member, 0) > 0)
        )

    def people(leader: str) -> list[tuple[str, str, Month, bool]]:
        own = below.get(leader, [])
        return own + [each for member, *_ in own for each in people(member)]

    pages = list((closed_sample / "reports/2020-04/leaders").glob("*/index.html"))
    assert pages
    for path in pages:
        _, line = tables_of(path.read_text(encoding="utf-8"), "volume")
        found = people(path.parent.name)
        kinds = [kind for _, kind, *_ in found]
        associates = sum(kind == "associate" for _, kind, *_ in below.get(path.parent.name, []))
        expected = [
            len(found), kinds.count("associate"), kinds.count("preferred_customer"),
            sum(enrolled == Month("2020-04") for *_, enrolled, _ in found),
            sum(active for *_, active in found),
        ]  # fmt: skip
        rows = [row[0] for row in line]
        assert rows == [str(figure) for figure in ([*expected] if found else []) + [associates]]


@pytest.mark.parametrize("month", MONTHS)
def test_a_page_tells_which_rules_its_leader_failed(closed_sample: Path, month: str) -> None:
    folder = closed_sample / "reports" / month
    seats = by(folder / "referral/qualification.csv", "credit_member_id")
    for path in (folder / "leaders").glob("*/index.html"):
        page, leader = path.read_text(encoding="utf-8"), path.parent.name
        rules = page.split('id="programme"', 1)[1] if leader in seats else ""
        reasons = list(filter(None, seats.get(leader, {}).get("reasons", "").split(";")))
        assert rules.count('<td><span class="mark failed">') == len(reasons), path


def contacts_of(pack: Path, name: str) -> list[str]:
    """The days by which people are to be contacted, one a person and day, by the files alone."""
    whom, names = CONTACTS[name]
    found = {
        (next(filter(None, (line[column] for column in whom))),
         datetime.fromisoformat(line["contact_by"]).astimezone(ZONE).date().isoformat())
        for line in read(pack / f"{name}.csv") if any(line[column] for column in names)
    }  # fmt: skip
    return [day for _, day in found]


@pytest.mark.parametrize("month", MONTHS)
def test_what_waits_and_what_was_due_is_what_the_files_say(closed_sample: Path, month: str) -> None:
    folder = closed_sample / "reports" / month
    end = Month(month).end.isoformat()
    for path in (folder / "leaders").glob("*/index.html"):
        page = path.read_text(encoding="utf-8")
        pack, cards, write = path.parent, cards_of(page), language_of(page).count
        orders = {line["order_id"] for line in read(pack / "referrals.csv")}
        calls = {
            (line["customer_email"], line["due_to"])
            for line in read(pack / "follow_ups.csv")
            if line["task"] != "contact" or line["order_id"] not in orders
        }
        waiting = sum(day > end for _, day in calls)
        assert cards.get("follow_ups") == ([write(waiting)] if waiting else None), path
        due = page.partition('<div class="past">')[2].partition("</div>")[0]
        told = dict(re.findall(r'href="#([a-z_]+)">([^<]*)<', due))
        past = len(calls) - waiting
        assert write(past) in told["follow_ups"] if past else "follow_ups" not in told, path
        for name in CONTACTS:
            days = contacts_of(pack, name)
            waiting, past = (sum(day > end for day in days), sum(day <= end for day in days))
            assert cards.get(name) == ([write(waiting)] if waiting else None), path
            assert write(past) in told[name] if past else name not in told, path
        customers = read(pack / "customers.csv")
        assert cards.get("customers", [])[-1:] == ([write(len(customers))] if customers else [])
        flagged = read(pack / "inactivity.csv")
        assert cards.get("inactivity") == ([write(len(flagged))] if flagged else None)


@pytest.mark.parametrize("month", MONTHS)
def test_commissions_are_told_at_the_top_beside_last_months(
    closed_sample: Path, month: str
) -> None:
    leaders = closed_sample / "reports" / month / "leaders"
    before = closed_sample / "reports" / Month(month).previous.text / "leaders"
    for path in leaders.glob("*/index.html"):
        page, leader = path.read_text(encoding="utf-8"), path.parent.name
        write = language_of(page).amount
        sums = [
            sum((Decimal(line["commission"]) for line in read(each / leader / "commissions.csv")),
                Decimal(0))
            for each in (leaders, before)
        ]  # fmt: skip
        has_any = (leaders / leader / "commissions.csv").exists() or sums[1] > 0
        assert cards_of(page).get("commissions") == ([write(sums[0])] if has_any else None), path
        if has_any and month != MONTHS[0]:
            card = page.split('href="#commissions"', 1)[1].split("</li>", 1)[0]
            assert f" · {write(sums[1])}<" in card
