"""`simulate` gives what closing the book anew under the policy gives, and says what would differ.

Belongs here: laws over a random book, what is refused, and that nothing but its own folder is
written.
"""

from __future__ import annotations

import csv
import fcntl
import json
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import close_quietly
from html_pages import read_page
from random_books import POLICY as RANDOM_POLICY
from random_books import random_book
from small_book import row
from upline_command import Outcome, contents, upline

from pipelines.months import Month
from pipelines.proof.simulated_figures import compared_reports
from pipelines.proof.simulated_folder import filled_target
from pipelines.proof.simulation_page import Simulated, write_simulation_page
from pipelines.stop import Stop

pytestmark = pytest.mark.long

LAST = "2020-03"
MONTHS = ("2020-01", "2020-02", LAST)
POLICY = RANDOM_POLICY + "[subscriptions]\n"
HEADER = "month,member_id,figure,before,after,difference"
# The figures of the contract: the report, the column of the member, and what a row adds.
AMOUNTS = {
    "net_bv": ("finance/statements", "member_id"),
    "group_bv": ("finance/volume", "member_id"),
    "payline_bv": ("finance/volume", "member_id"),
    "commission": ("finance/subscription_commissions", "consultant_id"),
}
COUNTS = {
    "seats_qualified": ("referral/qualification", "credit_member_id"),
    "orders_assigned": ("referral/assignments", "member_id"),
    "leads_assigned": ("referral/leads", "member_id"),
    "flagged": ("inactivity/flagged", "member_id"),
    "removed": ("inactivity/removed", "member_id"),
    "customers": ("customers/owners", "owner_id"),
}
OTHERS = {
    "min_order_bv": POLICY.replace("min_order_bv = 0", "min_order_bv = 50"),
    "pay_levels": POLICY.replace("[volume]", "[volume]\npay_levels = 2"),
    "sections_off": POLICY.replace("[volume]\n", "").replace("[subscriptions]\n", ""),
    "no_programmes": POLICY[: POLICY.index("[referral]")],
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random book and a home in which its three months are closed."""
    folder = tmp_path_factory.mktemp("closed")
    book = random_book(5)
    first, second, _ = book.tables
    first["subscriptions"] = [row("subscriptions", consultant_id="M004")]
    first["billings"] = [row("billings")]
    second["billings"] = [row("billings", billing_id="B2", billed_on="2020-02-20")]
    second["leads"] = [
        row("leads", lead_id=f"D{day}", requested_at=f"2020-02-{day}T12:00:00Z")
        for day in range(10, 20)
    ]
    write_policy(book.write(folder / "book") / "policy.toml", POLICY)
    close_quietly(folder / "book", folder / "home", LAST)
    return folder


@pytest.fixture
def mine(closed: Path, tmp_path: Path) -> Path:
    """A copy of it, for a test that changes something."""
    shutil.copytree(closed, tmp_path / "mine", symlinks=True)
    return tmp_path / "mine"


def write_policy(path: Path, text: str) -> Path:
    """Write a policy file."""
    path.write_text(text)
    return path


def run(
    folder: Path, policy: Path, target: Path, *more: str, through: str = LAST
) -> Outcome:  # fmt: skip
    """Run `upline simulate`."""
    return upline("simulate", "--book", folder / "book", "--home", folder / "home",
                  "--policy", policy, "--through", through, "--to", target, *more)  # fmt: skip


def simulated(folder: Path, text: str, target: Path, *more: str, through: str = LAST) -> Path:
    """What a policy gives; book and home are as they were."""
    before = contents(folder)
    policy = write_policy(target.with_name("other.toml"), text)
    done = run(folder, policy, target, *more, through=through)
    assert done.code == 0, done.err
    assert contents(folder) == before
    assert sorted(path.name for path in target.iterdir()) == [
        "differences.csv", "index.html", "reports"]  # fmt: skip
    return target


def refused(folder: Path, policy: Path, target: Path, *more: str, through: str = LAST) -> str:
    """Why it is refused; nothing has been written, and nothing is left."""
    before, existed = contents(folder), target.exists()
    kept = contents(target)
    done = run(folder, policy, target, *more, through=through)
    assert (done.code, done.out.count("differences.csv")) == (2, 0), done.err
    assert contents(folder) == before and contents(target) == kept
    assert target.exists() == existed
    assert len(done.err.splitlines()) == 1
    return done.err


def csv_files(reports: Path) -> dict[str, bytes]:
    """The CSV files of months by name, those of the leaders' packs apart."""
    return {name: data for name, data in contents(reports).items()
            if name.endswith(".csv") and name.split("/")[1] != "leaders"}  # fmt: skip


def figures(reports: Path) -> dict[tuple[str, str, str], Decimal]:
    """Every figure of a folder of months, by month, member and name."""
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for month in MONTHS:
        for name, (report, member) in (AMOUNTS | COUNTS).items():
            path = reports / month / f"{report}.csv"
            if not path.exists():
                continue
            with path.open(newline="") as file:
                for cells in csv.DictReader(file):
                    is_counted = cells.get("qualified", "true") == "true" and cells.get(
                        "outcome", "assigned") == "assigned"  # fmt: skip
                    added = Decimal(cells[name]) if name in AMOUNTS else Decimal(is_counted)
                    found[month, cells[member], name] += added
    return found


def differences(before: Path, after: Path) -> list[str]:
    """The lines of differences.csv as two folders of months give them."""
    old, new = figures(before), figures(after)
    lines = []
    for month, member, name in sorted({*old, *new}):
        was, now = old[month, member, name], new[month, member, name]
        if was != now:
            cells = [f"{value:.{0 if name in COUNTS else 2}f}" for value in (was, now, now - was)]
            lines.append(",".join([month, member, name, *cells]))
    return lines


def lines_of(target: Path) -> list[str]:
    """The lines of a simulation's differences.csv below its header."""
    header, *lines = (target / "differences.csv").read_text().splitlines()
    assert header == HEADER
    return lines


def test_the_same_policy_gives_what_is_sealed(closed: Path, tmp_path: Path) -> None:
    target = simulated(closed, POLICY, tmp_path / "to")
    assert (target / "differences.csv").read_text() == f"{HEADER}\n"
    assert csv_files(target / "reports") == csv_files(closed / "home" / "reports")
    page = read_page(target / "index.html")
    assert [*page.tables] == ["summary"]
    modes = {path.stat().st_mode & 0o777 for path in [target, *target.rglob("*")]}
    assert modes == {0o700, 0o600}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name",
    ["sections_off", *(pytest.param(name, marks=pytest.mark.exhaustive)
                       for name in OTHERS if name != "sections_off")],
)  # fmt: skip
def test_another_policy_gives_what_closing_anew_gives(
    closed: Path, tmp_path: Path, name: str
) -> None:
    target = simulated(closed, OTHERS[name], tmp_path / "to")
    shutil.copytree(closed / "book", tmp_path / "book")
    write_policy(tmp_path / "book" / "policy.toml", OTHERS[name])
    close_quietly(tmp_path / "book", tmp_path / "home", LAST)
    assert csv_files(target / "reports") == csv_files(tmp_path / "home" / "reports")
    found = lines_of(target)
    assert found == differences(closed / "home" / "reports", tmp_path / "home" / "reports")
    changed = {line.split(",")[2] for line in found}
    expected = {
        "min_order_bv": {"seats_qualified", "orders_assigned", "leads_assigned", "net_bv"},
        "pay_levels": {"payline_bv"},
        "sections_off": {"group_bv", "payline_bv", "commission", "customers"},
        "no_programmes": {*AMOUNTS, *COUNTS},
    }
    assert changed >= expected[name]
    page = read_page(target / "index.html")
    assert {f"{figure}-months" for figure in changed} == {
        name for name in page.tables if name.endswith("-months")
    }


@pytest.mark.exhaustive
def test_totals_winners_and_losers_are_those_of_the_differences(
    closed: Path, tmp_path: Path
) -> None:
    target = simulated(closed, OTHERS["min_order_bv"], tmp_path / "to")
    moved: dict[str, Decimal] = defaultdict(Decimal)
    by_month: dict[str, Decimal] = defaultdict(Decimal)
    house: dict[str, Decimal] = defaultdict(Decimal)
    differing: dict[str, int] = defaultdict(int)
    for line in lines_of(target):
        month, member, figure, _, _, difference = line.split(",")
        if figure == "net_bv":
            by_month[month] += Decimal(difference)
            differing[month] += 1
            (moved if member else house)[member or month] += Decimal(difference)
    tables = read_page(target / "index.html").tables

    def number(text: str) -> Decimal:
        return Decimal(text.replace(",", "").replace("\u2212", "-"))

    def told(table: str, key: str) -> list[tuple[str, Decimal]]:
        return [(each[key], number(each["Difference"])) for each in tables[table].body]

    ranked = sorted(moved.items(), key=lambda each: (-abs(each[1]), each[0]))
    winners = [each for each in ranked if each[1] > 0][:10]
    losers = [each for each in ranked if each[1] < 0][:10]
    assert winners and losers
    assert told("net_bv-winners", "Member") == winners
    assert told("net_bv-losers", "Member") == losers
    months = [difference for _, difference in told("net_bv-months", "Month")]
    assert months == [by_month[month] for month in MONTHS]
    rows = tables["net_bv-months"].body
    assert [int(each["Lines that differ"]) for each in rows] == [differing[m] for m in MONTHS]
    assert any(house.values())
    assert [number(each["Difference of the house"]) for each in rows] == [
        house[month] for month in MONTHS
    ]


@pytest.mark.exhaustive
def test_a_policy_from_a_month_on_is_as_one_in_that_drop(mine: Path, tmp_path: Path) -> None:
    other = OTHERS["sections_off"]
    target = simulated(mine, other, tmp_path / "to", "--from", "2020-02")
    shutil.copytree(mine / "book", tmp_path / "book")
    write_policy(tmp_path / "book" / "2020-02" / "policy.toml", other)
    close_quietly(tmp_path / "book", tmp_path / "home", LAST)
    assert csv_files(target / "reports") == csv_files(tmp_path / "home" / "reports")
    assert lines_of(target) and not [x for x in lines_of(target) if x.startswith("2020-01")]


def test_it_ends_with_the_month_asked_for(closed: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    target = simulated(closed, OTHERS["pay_levels"], tmp_path / "to", through="2020-01")
    assert [path.name for path in (target / "reports").iterdir()] == ["2020-01"]
    assert {line[:7] for line in lines_of(target)} == {"2020-01"}


class TestWhatIsRefused:
    @pytest.mark.parametrize("key, before, after", [
        ("currency", '"EUR"', '"USD"'), ("timezone", "America/New_York", "Europe/Amsterdam"),
        ("ranks", '["associate", ', '["helper", "associate", '),
        ("opening_month", '"2020-01"\nranks', '"2020-02"\nranks'),
    ])  # fmt: skip
    def test_a_policy_that_changes_what_may_not_change(
        self, closed: Path, tmp_path: Path, key: str, before: str, after: str
    ) -> None:
        other = write_policy(tmp_path / "other.toml", POLICY.replace(before, after))
        assert other.read_text() != POLICY
        told = refused(closed, other, tmp_path / "to")
        assert f"{other}: company.{key}" in told and "may not change" in told

    def test_a_policy_that_is_none(self, closed: Path, tmp_path: Path) -> None:
        assert "none.toml" in refused(closed, tmp_path / "none.toml", tmp_path / "to")

    def test_a_month_that_is_not_closed(self, closed: Path, tmp_path: Path) -> None:
        own = closed / "book" / "policy.toml"
        told = refused(closed, own, tmp_path / "to", through="2020-04")
        assert "2020-04 is not closed" in told
        assert "history" in refused(closed, own, tmp_path / "to", through="2019-12")
        for start in ("2019-12", "2020-04"):
            assert f"--from {start}" in refused(closed, own, tmp_path / "to", "--from", start)

    def test_a_folder_that_is_not_empty_or_somebody_elses(
        self, closed: Path, tmp_path: Path
    ) -> None:
        own = closed / "book" / "policy.toml"
        (tmp_path / "to").mkdir()
        (tmp_path / "to" / "notes.txt").write_text("mine")
        assert "notes.txt" in refused(closed, own, tmp_path / "to")
        assert "cannot be written" in refused(closed, own, tmp_path / "to" / "notes.txt")
        for place in ("book", "home"):
            assert "only read" in refused(closed, own, closed / place / "new" / "to")

    @pytest.mark.first(1)
    @pytest.mark.parametrize("is_there", [True, False])
    def test_a_drop_that_has_changed(self, mine: Path, tmp_path: Path, is_there: bool) -> None:
        path = mine / "book" / "2020-02" / "orders.csv"
        path.write_text(path.read_text() + "\n")
        target = tmp_path / "new" / "to"
        if is_there:
            target.mkdir(parents=True)
        told = refused(mine, mine / "book" / "policy.toml", target)
        assert "2020-02 is closed" in told and "orders.csv has changed" in told
        assert is_there or not (tmp_path / "new").exists()

    def test_another_policy_in_the_book_before_the_one_that_is_tried(
        self, mine: Path, tmp_path: Path
    ) -> None:
        other = write_policy(mine / "book" / "policy.toml", OTHERS["pay_levels"])
        told = refused(mine, other, tmp_path / "to", "--from", "2020-02")
        assert "2020-01 is closed" in told and "the policy in force has changed" in told

    def test_a_sealed_report_that_has_changed(self, mine: Path, tmp_path: Path) -> None:
        path = mine / "home" / "reports" / "2020-02" / "finance" / "statements.csv"
        path.write_text(path.read_text() + "\n")
        told = refused(mine, mine / "book" / "policy.toml", tmp_path / "to")
        assert "statements.csv has changed since 2020-02 was closed" in told

    def test_what_a_guard_stops(self, closed: Path, tmp_path: Path) -> None:
        other = write_policy(
            tmp_path / "other.toml",
            POLICY.replace("max_flagged_share = 1", "max_flagged_share = 0.01"),
        )
        assert "inactivity.max_flagged_share" in refused(closed, other, tmp_path / "to")

    def test_a_home_that_is_being_closed(self, mine: Path, tmp_path: Path) -> None:
        with (mine / "home" / "work" / "lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            told = refused(mine, mine / "book" / "policy.toml", tmp_path / "to")
        assert "another command is at work" in told


def test_what_one_that_was_killed_has_left_counts_for_nothing(closed: Path, tmp_path: Path) -> None:
    left = tmp_path / "to" / ".upline-simulation" / "reports"
    left.mkdir(parents=True)
    (left / "old.csv").write_text("old")
    target = simulated(closed, POLICY, tmp_path / "to", through="2020-01")
    assert not [name for name in contents(target) if "old.csv" in name]


def test_what_comes_into_the_folder_meanwhile_is_kept(tmp_path: Path) -> None:
    target, result = tmp_path / "new" / "to", tmp_path / "result"
    result.mkdir()
    (result / "index.html").write_text("page")
    with pytest.raises(Stop, match=r"notes\.txt"), filled_target(target, result):
        (target / "notes.txt").write_text("mine")
    assert contents(target) == {"notes.txt": b"mine"}
    with pytest.raises(Stop, match="cannot be written"), filled_target(tmp_path / "to", result):
        shutil.rmtree(result)
    assert not (tmp_path / "to").exists()


@pytest.mark.exhaustive
def test_another_version_of_the_program_is_named_on_the_page(mine: Path, tmp_path: Path) -> None:
    path = mine / "home" / "reports" / LAST / "seal.json"
    seal = json.loads(path.read_text())
    seal["versions"]["rules"] = "0" * 64
    path.write_text(json.dumps(seal))
    (mine / "home" / "work" / "seals" / f"{LAST}.json").unlink()
    text = (simulated(mine, POLICY, tmp_path / "to") / "index.html").read_text()
    assert "Not as it was when months were closed: rules." in text


def test_a_home_whose_chain_is_broken_is_refused(mine: Path, tmp_path: Path) -> None:
    path = mine / "home" / "reports" / "2020-02" / "seal.json"
    path.write_text(path.read_text() + " ")
    told = refused(mine, mine / "book" / "policy.toml", tmp_path / "to")
    assert "seal.json has changed since 2020-02 was closed" in told


def test_a_figure_that_evens_out_over_the_months_is_told(tmp_path: Path) -> None:
    for side, counts in (("before", ("1", "2")), ("after", ("2", "1"))):
        for month, customers in zip(MONTHS, counts, strict=False):
            path = tmp_path / side / month / "customers" / "value.csv"
            path.parent.mkdir(parents=True)
            path.write_text(f"owner_id,customers\nM1,{customers}\nM2,{3 - int(customers)}\n")
    months = [Month(text) for text in MONTHS[:2]]
    told = Simulated("Small Book", "other.toml", months[0], months, [])
    with compared_reports(tmp_path, tmp_path / "before", tmp_path / "after", months) as compared:
        assert compared.write(tmp_path / "differences.csv") == 4
        write_simulation_page(tmp_path / "index.html", told, compared, 4)
    assert lines_of(tmp_path)[0] == "2020-01,M1,customers,1,2,1"
    tables = read_page(tmp_path / "index.html").tables
    assert [each["Lines that differ"] for each in tables["customers-months"].body] == ["2", "2"]
    assert "customers-winners" not in tables, "nobody wins or loses over both months"
