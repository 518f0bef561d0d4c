"""Leaders' packs: who gets one, that it holds the leader's own rows and nobody else's, and all of
them; that nobody who opted out is named; languages; names that are up to no good."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from babel.numbers import format_decimal
from conftest import SAMPLE, close_quietly
from small_book import POLICY, drop, row, write_book

from pipelines.book.drops import open_book
from pipelines.book.policy import Policy
from pipelines.months import Month
from pipelines.reports.packs.cells import email_link, phone_link
from pipelines.reports.packs.files import MOST_SHOWN
from pipelines.reports.packs.languages import LOCALES, load_language
from pipelines.reports.packs.write import packs_beside
from pipelines.reports.reported_month import MOST_PACK_FOLDERS, ReportedMonth
from pipelines.rules.models import Model, read_models

pytestmark = pytest.mark.long

# A warehouse, and what the packs of a month in it are made with.
Given = tuple[duckdb.DuckDBPyConnection, tuple[Policy, Month, list[Model]]]
APRIL = Month("2020-04")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
COLUMNS = {
    "inactivity": "member_id,name,member_type,relation,level,last_activity_on,deadline,email,phone",
    "referrals": "order_id,ordered_at,customer_name,customer_email,customer_phone,bv,contact_by",
    "leads": "lead_id,requested_at,name,email,phone,contact_by",
    "commissions": "billing_id,subscription_id,customer_email,billed_on,amount,rate,commission",
}
# A pack's file that has the rows of a report, and the report's column that names whose they are.
OWN_ROWS = {
    "follow_ups": ("returns/follow_ups.csv", "representative_id"),
    "customers": ("customers/owners.csv", "owner_id"),
    "onboarding": ("onboarding/accounts.csv", "partner_id"),
}
Keys = dict[tuple[str, str], list[str]]
EXAMPLES = Path(__file__).parent / "examples"


def read(path: Path) -> list[dict[str, str]]:
    """A CSV's rows; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def text_of(page: Path) -> str:
    """A page's text, as a reader sees it."""
    body = page.read_text(encoding="utf-8").split("</head>", 1)[1].split("<script>", 1)[0]
    return html.unescape(re.sub("<[^>]+>", "", body))


def expected_keys(reports: Path, month: str) -> Keys:
    """The keys of each leader's rows, worked out from the reports alone: (leader, file) -> keys."""
    keys: Keys = defaultdict(list)
    folder = reports / month
    for line in read(folder / "inactivity/lists.csv"):
        keys[line["leader_id"], "inactivity"].append(line["member_id"])
    moved = {
        line["order_id"]: line["to_member_id"]
        for each in sorted(reports.iterdir())
        if each.name <= month
        for line in read(each / "referral/reassignments.csv")
        if line["decision"] == "accepted"
    }
    orders = {
        line["order_id"]: line["member_id"]
        for line in read(folder / "referral/assignments.csv")
        if line["outcome"] == "assigned"
    }
    orders |= {
        line["order_id"]: line["to_member_id"]
        for line in read(folder / "referral/reassignments.csv")
        if line["decision"] == "accepted"
    }
    for order, holder in orders.items():
        keys[moved.get(order, holder), "referrals"].append(order)
    for line in read(folder / "referral/leads.csv"):
        if line["outcome"] == "assigned":
            keys[line["delegate_id"] or line["member_id"], "leads"].append(line["lead_id"])
    for line in read(folder / "finance/subscription_commissions.csv"):
        if line["consultant_id"]:
            keys[line["consultant_id"], "commissions"].append(line["billing_id"])
    for name, (report, owner) in OWN_ROWS.items():
        for line in read(folder / report):
            keys[line[owner], name].append(",".join(line.values()))
    return keys


def found_keys(leaders: Path) -> Keys:
    """The keys of each leader's rows as the packs have them."""
    keys: Keys = defaultdict(list)
    for path in sorted(leaders.glob("*/*.csv")):
        for line in read(path):
            whole = path.stem in OWN_ROWS
            key = ",".join(line.values()) if whole else next(iter(line.values()))
            keys[path.parent.name, path.stem].append(key)
    return keys


def check_packs(reports: Path, month: str) -> None:
    """Every row that belongs in a pack is in that one and in no other."""
    leaders = reports / month / "leaders"
    expected, found = expected_keys(reports, month), found_keys(leaders)
    assert {key: sorted(rows) for key, rows in found.items()} == {
        key: sorted(rows) for key, rows in expected.items()
    }
    for key, rows in expected.items():
        if key[1] in OWN_ROWS or key[1] == "inactivity":
            assert found[key] == rows, "in the report's order"
    candidates = {
        line["credit_member_id"] for line in read(reports / month / "referral/qualification.csv")
    }
    folders = {path.name for path in leaders.iterdir()}
    assert folders == {leader for leader, _ in expected} | candidates
    for pack in leaders.iterdir():
        check_page(pack)


def check_page(pack: Path) -> None:
    """A page names no address, order, lead or member and links to no file but its own pack's."""
    own = {path.name: path.read_text(encoding="utf-8") for path in pack.glob("*.csv")}
    page = (pack / "index.html").read_text(encoding="utf-8")
    named = set(ADDRESS.findall(html.unescape(page)))
    assert named <= set(ADDRESS.findall("\n".join(own.values()))), pack.name
    assert set(re.findall(r'href="([a-z_]+\.csv)"', page)) == set(own), pack.name
    cells = {cell for path in pack.glob("*.csv") for line in read(path) for cell in line.values()}
    ids = re.findall(r'<(?:span class="code"|th scope="row" class="id")>([^<]*)<', page)
    assert {one for each in ids for one in html.unescape(each).split(", ")} <= cells, pack.name


@pytest.mark.parametrize("month", ["2020-01", "2020-02", "2020-03", "2020-04"])
def test_the_sample_books_packs_are_whole_and_their_own(closed_sample: Path, month: str) -> None:
    check_packs(closed_sample / "reports", month)


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("name", [pytest.param("deep", marks=pytest.mark.exhaustive), "messy"])
def test_the_examples_packs_are_whole_and_their_own(
    closed_example: Callable[[str], Path], name: str
) -> None:
    for month in ("2020-01", "2020-02", "2020-03", "2020-04", "2020-05"):
        check_packs(closed_example(name) / "reports", month)


def test_a_pack_has_the_contracts_columns(closed_sample: Path) -> None:
    found = set()
    for path in sorted((closed_sample / "reports").glob("*/leaders/*/*.csv")):
        header = path.read_text(encoding="utf-8").splitlines()[0]
        month = path.parents[2]
        if path.stem in COLUMNS:
            assert header == COLUMNS[path.stem]
        else:
            report = (month / OWN_ROWS[path.stem][0]).read_text(encoding="utf-8")
            assert header == report.splitlines()[0]
        found.add(path.stem)
    assert found == {*COLUMNS, *OWN_ROWS}


@pytest.fixture
def april(closed_sample: Path, tmp_path: Path) -> Iterator[Given]:
    """The sample book's April in a warehouse of its own, and what its packs are made with."""
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(closed_sample / "warehouse.duckdb", copy)
    with closing(duckdb.connect(str(copy))) as con:
        yield con, (open_book(SAMPLE, APRIL).policy, APRIL, read_models())


FORMS = pytest.mark.parametrize("most", [0, MOST_PACK_FOLDERS], ids=["zip", "folder"])


def write_packs(april: Given, folder: Path, most: int, **how: Any) -> dict[str, str]:
    """Write April's packs, zipped where there are more than `most`; out: the files' digests."""
    con, given = april
    with packs_beside(con, ReportedMonth(*given, folder, False, None, most), **how) as digests:
        pass
    return digests


def test_the_same_month_gives_the_same_packs(
    closed_sample: Path, april: Given, tmp_path: Path
) -> None:
    folder = tmp_path / "month"
    digests = write_packs(april, folder, MOST_PACK_FOLDERS)
    assert contents(folder / "leaders") == contents(closed_sample / "reports/2020-04/leaders")
    assert digests == {name: sha256(data).hexdigest() for name, data in contents(folder).items()}
    assert [path.name for path in folder.iterdir()] == ["leaders"]


@FORMS
def test_what_stops_a_pack_stops_the_close(april: Given, tmp_path: Path, most: int) -> None:
    name = "leaders.zip/x" if most == 0 else "leaders/Anna/index.html/x"
    (tmp_path / "month" / name).mkdir(parents=True)
    with pytest.raises(OSError, match="leaders"):
        write_packs(april, tmp_path / "month", most)


def test_packs_that_cannot_be_laid_out_are_told_and_not_what_follows_from_it(
    april: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise duckdb.IOException("No space left on device")

    con, given = april
    monkeypatch.setattr("pipelines.reports.packs.write.store_packs", fail)
    with (
        pytest.raises(duckdb.IOException, match="No space"),
        packs_beside(con, ReportedMonth(*given, tmp_path / "month", False, None, 0)),
    ):
        raise duckdb.FatalException("database has been invalidated")


def test_an_error_beside_the_packs_ends_their_processes(april: Given, tmp_path: Path) -> None:
    con, given = april
    running: set[str] = set()

    def beside() -> None:
        until = time.monotonic() + 60
        while len(running) < 2 and time.monotonic() < until:
            running.update(children())
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        packs_beside(con, ReportedMonth(*given, tmp_path / "month", False, None, 0)),
    ):
        beside()
    assert len(running) == 2 and not running & children()


def children() -> set[str]:
    """The processes that this one has started."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text(encoding="ascii").split()}


def test_a_process_ends_with_its_close() -> None:
    program = (
        "import time; from queue import SimpleQueue; from threading import Thread\n"
        "from pipelines.reports.packs.process import hear_the_close\n"
        "Thread(target=hear_the_close, args=(SimpleQueue(),), daemon=True).start(); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 2


def test_a_process_that_waits_for_its_part_ends_quietly_with_its_close() -> None:
    program = [sys.executable, "-m", "pipelines.reports.packs.process"]
    found = subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    assert (found.returncode, found.stdout, found.stderr) == (2, b"", b"")


def test_a_trials_pages_are_marked(closed_sample: Path, april: Given, tmp_path: Path) -> None:
    con, given = april
    with packs_beside(con, ReportedMonth(*given, tmp_path / "month", True)):
        pass
    for page in (tmp_path / "month/leaders").glob("*/index.html"):
        assert "TRIAL" in text_of(page), page
    sealed = (closed_sample / "reports/2020-04/leaders").glob("*/index.html")
    assert not any("TRIAL" in text_of(page) for page in sealed)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class TestWhatAPageSays:
    """The sample book's April; its README tells the story."""

    def page(self, home: Path, leader: str, month: str = "2020-04") -> str:
        return text_of(home / "reports" / month / "leaders" / leader / "index.html")

    def test_which_rule_failed_and_by_how_much(self, closed_sample: Path) -> None:
        page = self.page(closed_sample, "Greta")
        assert "Nicht qualifiziert" in page
        assert "40,00 BV fehlen" in page and "2 Mitglieder fehlen" in page
        assert "4 von 4 Wochen" in page

    def test_a_week_short(self, closed_sample: Path) -> None:
        page = self.page(closed_sample, "Oliver", "2020-01")
        assert "Not qualified" in page and "1 week short" in page

    def test_that_a_seat_qualified_and_from_when_on(self, closed_sample: Path) -> None:
        page = self.page(closed_sample, "Wei")
        assert "已达标" in page and "2020年5月4日" in page

    def test_until_when_a_record_can_be_kept(self, closed_sample: Path) -> None:
        page = self.page(closed_sample, "Wei")
        assert "吴玲" in page and "2020年5月31日周日" in page and "您下方第 2 层" in page

    def test_how_the_removals_change_the_line(self, closed_sample: Path) -> None:
        assert "nach dem Entfernen" in self.page(closed_sample, "Greta")
        assert "na het verwijderen" not in self.page(closed_sample, "Eva")

    def test_the_clock_runs_in_the_companys_time(self, closed_sample: Path) -> None:
        # R401 was bought at 10:00 UTC on 1 April: noon in Amsterdam.
        assert "do 2 apr 2020, 12:00" in self.page(closed_sample, "Eva")
        [first, *_] = read(closed_sample / "reports/2020-04/leaders/Eva/referrals.csv")
        assert first["contact_by"] == "2020-04-02T10:00:00Z"

    def test_a_delegate_gets_the_lead_and_the_leader_does_not(self, closed_sample: Path) -> None:
        delegated = [
            line
            for month in ("2020-02", "2020-03", "2020-04")
            for line in read(closed_sample / "reports" / month / "referral/leads.csv")
            if line["delegate_id"]
        ]
        assert delegated  # where they are is told by the walk over all packs


# A book with one leader, who has everything: M1 qualifies in January and is dealt orders and leads
# in February, when others are flagged.
HIDDEN = ("hidden-shopper@nowhere.example", "Hidden Shopper", "+31 99 111 22 33",
          "hidden-lead@nowhere.example", "Hidden Lead", "+31 99 444 55 66")  # fmt: skip
HOSTILE = {
    "H1": ("<script>alert(1)</script>", "=1+1@evil.example", "+1<b>2"),
    "H2": ("=cmd|'/c calc'!A1", '"><img@evil.example', "@SUM(A1)"),
    "H3": ("\u202egnp.exe", "h3@evil.example", "\tTab"),
    "H4": ("🙂 家族 \u05d0\u05d1", "h4@evil.example", "-1"),
    "H5": ("x" * 200, "h5@evil.example", "+31 (0)20 555-0100"),
    "a.b-C_9": ('Comma, "quote"\nline', "h6@evil.example", None),
    "A..B": ("{{ 7*7 }} %(x)s {% raw %}", "h7@evil.example", None),
}
CROWD = [f"N{number:03}" for number in range(MOST_SHOWN + 5)]


def members() -> list[dict[str, str | None]]:
    hostile = [
        row("members", member_id=id, name=name, email=email, phone=phone, enroller_id="M1",
            sponsor_id="M1", rank="associate")
        for id, (name, email, phone) in HOSTILE.items()
    ]  # fmt: skip
    crowd = [
        row("members", member_id=id, name=id, email=f"{id}@crowd.example", enroller_id="M1",
            rank="associate", enrolled_on=f"2019-0{1 + index % 6}-01")
        for index, id in enumerate(CROWD)
    ]  # fmt: skip
    speaker = row("members", member_id="F1", name="Fanny", language="fi", rank="associate")
    enrolled = row("members", member_id="F2", name="Flo", enroller_id="F1", rank="associate")
    return [row("members", language="nl"), *hostile, *crowd, speaker, enrolled]


def retail(order_id: str, email: str, day: str, **cells: str | None) -> dict[str, str | None]:
    return row("orders", order_id=order_id, channel="retail", seller_id=None, customer_email=email,
               ordered_at=f"2020-02-{day}T12:00:00Z", **cells)  # fmt: skip


def lead(lead_id: str, day: str, **cells: str | None) -> dict[str, str | None]:
    return row("leads", lead_id=lead_id, requested_at=f"2020-02-{day}T12:00:00Z", **cells)


@pytest.fixture(scope="module")
def closed_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of February in the small book."""
    folder = tmp_path_factory.mktemp("small")
    weeks = ("2019-12-30", "2020-01-06", "2020-01-13", "2020-01-20")
    own = row("orders", order_id="O0", channel="member", seller_id=None, buyer_id="M1",
              customer_email=None, bv="100.00")  # fmt: skip
    email, name, phone, lead_email, lead_name, lead_phone = HIDDEN
    january = drop(
        members=members(),
        orders=[own, row("orders", order_id="O2", seller_id="F1")],
        paid_ranks=[row("paid_ranks", week_start=week) for week in weeks],
    )
    february = drop(
        members=members(),
        orders=[
            retail("O3", email, "11", customer_name=name, customer_phone=phone,
                   contact_opt_out="true"),
            retail("O4", "kim@open.example", "12", customer_name="=Kim", customer_phone="+31 6 1"),
            row("orders", order_id="O5", seller_id="F1", ordered_at="2020-02-13T12:00:00Z",
                customer_email="ola@own.example", customer_name="Ola", contact_opt_out="true"),
        ],
        leads=[
            lead("D3", "11", email=lead_email, name=lead_name, phone=lead_phone,
                 contact_opt_out="true"),
            lead("D4", "12", email="lee@open.example", name="Lee"),
        ],
    )  # fmt: skip
    write_book(folder / "book", january, february, policy=POLICY)
    return close_quietly(folder / "book", folder / "home", "2020-02")


def every_text(reports: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a month, and every part of its workbook."""
    for path in sorted(reports.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as parts:
                yield from ((name, parts.read(name)) for name in parts.namelist())


class TestOptOuts:
    @pytest.mark.long
    def test_nobody_who_opted_out_is_named_anywhere(self, closed_small: Path) -> None:
        shown = {
            (name, hidden)
            for name, content in every_text(closed_small)
            for hidden in HIDDEN
            if hidden.encode() in content
        }
        assert shown == set()

    def test_sellers_may_call_their_own_customers_all_the_same(self, closed_small: Path) -> None:
        page = text_of(closed_small / "leaders" / "F1" / "index.html")
        assert "Ola" in page and "ola@own.example" in page

    def test_their_rows_and_bv_stay(self, closed_small: Path) -> None:
        pack = closed_small / "leaders" / "M1"
        hidden, known = read(pack / "referrals.csv")
        assert hidden["order_id"] == "O3" and hidden["bv"] == "80.00"
        assert hidden["contact_by"] == "2020-02-12T12:00:00Z"
        assert not hidden["customer_name"] + hidden["customer_email"] + hidden["customer_phone"]
        assert known["customer_name"] == "'=Kim" and known["customer_email"] == "kim@open.example"
        assert [line["name"] for line in read(pack / "leads.csv")] == ["", "Lee"]

    def test_the_page_says_so_and_counts_the_others(self, closed_small: Path) -> None:
        page = text_of(closed_small / "leaders" / "M1" / "index.html")
        assert page.count("Wil geen contact") == 2
        assert "1 eerste contact na een bestelling in de webwinkel" in page
        assert "1 eerste contact met een lead" in page


class TestHostileNames:
    def test_are_text_in_a_page(self, closed_small: Path) -> None:
        page = (closed_small / "leaders/M1/index.html").read_text(encoding="utf-8")
        assert "<script>alert" not in page and "<img" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "[U+202E]gnp.exe" in page and "\u202e" not in page
        assert "{{ 7*7 }} %(x)s {% raw %}" in html.unescape(page)
        assert "🙂 家族 \u05d0\u05d1" in page and "x" * 200 in page

    def test_are_guarded_in_a_file(self, closed_small: Path) -> None:
        text = (closed_small / "leaders/M1/inactivity.csv").read_bytes().decode()
        rows = {line["member_id"]: line for line in csv.DictReader(io.StringIO(text, newline=""))}
        assert rows["H1"]["name"] == "<script>alert(1)</script>"
        assert rows["H1"]["email"] == "'=1+1@evil.example" and rows["H1"]["phone"] == "'+1<b>2"
        assert rows["H2"]["name"] == "'=cmd|'/c calc'!A1" and rows["H2"]["phone"] == "'@SUM(A1)"
        assert rows["H3"]["phone"] == "'\tTab" and rows["H4"]["phone"] == "'-1"
        assert rows["a.b-C_9"]["name"] == 'Comma, "quote"\nline'
        assert '"Comma, ""quote""\nline"' in text

    def test_a_link_is_made_of_an_address_or_a_number_alone(self) -> None:
        assert email_link('"><img@evil.example') == "mailto:%22%3E%3Cimg@evil.example"
        assert phone_link("+31 (0)20 555-0100") == "tel:+310205550100"
        assert phone_link("javascript:alert(1)") == ""

    def test_ids_are_folders(self, closed_small: Path) -> None:
        folders = {path.name for path in (closed_small / "leaders").iterdir()}
        assert folders == {"M1", "F1"}


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_file(closed_small: Path) -> None:
    listed = read(closed_small / "leaders/M1/inactivity.csv")
    ids = [line["member_id"] for line in listed]
    assert len(ids) == len(HOSTILE) + len(CROWD) and ids == sorted(ids)
    page = text_of(closed_small / "leaders/M1/index.html")
    assert f"de eerste {MOST_SHOWN} van {len(ids)}" in page


class TestLanguages:
    def test_a_language_without_a_catalogue_is_english(self, closed_small: Path) -> None:
        page = (closed_small / "leaders/F1/index.html").read_text(encoding="utf-8")
        assert '<html lang="en"' in page and "You enrolled them" in page
        assert '<html lang="nl"' in (closed_small / "leaders/M1/index.html").read_text("utf-8")

    def test_each_language_is_read_somewhere_in_the_sample_book(self, closed_sample: Path) -> None:
        pages = (closed_sample / "reports").glob("*/leaders/*/index.html")
        found = {re.search(r'<html lang="([^"]+)"', page.read_text("utf-8"))[1] for page in pages}  # type: ignore[index]
        assert found == {"en", "nl", "es", "zh-Hans", "de"}

    @pytest.mark.parametrize("code", LOCALES)
    def test_figures_are_babels(self, code: str) -> None:
        language = load_language(code)
        for text in ("0", "-0.05", "7.5", "999.99", "1000", "-1234.5", "12345.6", "98765432.10"):
            expected = format_decimal(Decimal(text), "#,##0.00", locale=LOCALES[code])
            assert language.amount(Decimal(text)) == expected.replace("-", "\u2212")
        assert language.count(1234567) == format_decimal(1234567, locale=LOCALES[code])

    def test_dates_are_the_languages_own(self) -> None:
        day = date(2020, 3, 31)
        assert [load_language(code).dates(day).long for code in LOCALES] == [
            "Tue, 31 Mar 2020", "di 31 mrt 2020", "mar, 31 mar 2020", "2020年3月31日周二",
            "Di., 31. März 2020", "mar. 31 mars 2020", "mar 31 mar 2020", "terça, 31/03/2020",
            "wt., 31 mar 2020", "tis 31 mars 2020", "tir. 31. mars 2020", "tirs. 31. mar. 2020",
        ]  # fmt: skip
        at = datetime(2020, 3, 31, 9, 5, 59)
        assert load_language("nl").dates(at).text == "di 31 mrt 2020, 09:05"
        assert load_language("en").dates(day).plain == "2020-03-31"


SECTIONS = {
    "": set(),
    "[onboarding]\n": {"index.html", "onboarding.csv"},
    "[follow_up]\n": {"index.html", "follow_ups.csv"},
    "[subscriptions]\n": {"index.html", "customers.csv"},
    '[inactivity]\nfirst_flag_month = "2020-01"\nleader_rank = "manager"\n'
    "max_removed_share = 1\nmonths = 2\n": {"index.html", "inactivity.csv"},
}


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("section", SECTIONS)
def test_a_pack_has_what_the_policy_runs(tmp_path: Path, section: str) -> None:
    company = POLICY.split("[referral]")[0]
    sleeper = row("members", member_id="M2", enroller_id="M1", rank="associate")
    month = drop(
        members=[row("members"), sleeper],
        orders=[row("orders")],
        accounts=[row("accounts")],
        leads=[row("leads")],
    )
    book = write_book(tmp_path / "book", month, policy=company + section)
    reports = close_quietly(book, tmp_path / "home", "2020-01")
    packs = {path.name for path in (reports / "leaders" / "M1").glob("*")}
    assert packs == SECTIONS[section]
