"""A month that is reopened keeps its old reports, and says what has changed when closed again."""

from __future__ import annotations

import csv
import fcntl
import json
import shutil
import time
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest
from conftest import close_quietly
from html_pages import read_page
from three_months import write_three_months
from upline_command import Outcome, close, contents, upline

from pipelines.closing.home import Home
from pipelines.closing.reopening import reopen_months
from pipelines.months import Month
from pipelines.reports.pages.revised_cells import KEYS
from pipelines.reports.reported_month import ReportedMonth
from pipelines.reports.write import write_csv_files
from pipelines.rules.models import read_models

pytestmark = pytest.mark.long

LAST = "2020-03"
REASON = "the orders' BV was exported wrong"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a book and a home in which its three months are closed."""
    folder = tmp_path_factory.mktemp("closed")
    close_quietly(write_three_months(folder / "book"), folder / "home", LAST)
    return folder


@pytest.fixture
def mine(closed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(closed, tmp_path / "mine", symlinks=True)
    return tmp_path / "mine"


def reopen(folder: Path, month: str = "2020-02", reason: str = REASON) -> Outcome:
    """Run `upline reopen`."""
    return upline("reopen", month, "--home", folder / "home", "--reason", reason)


def reports(folder: Path) -> Path:
    """The closed months."""
    return folder / "home" / "reports"


def close_again(folder: Path) -> Outcome:
    """Close every month."""
    return close(LAST, folder / "book", folder / "home", "--through")


def verify(folder: Path, *more: str) -> Outcome:
    """Run `upline verify`."""
    return upline("verify", "--book", folder / "book", "--home", folder / "home", *more)


def csv_files(folder: Path) -> dict[str, bytes]:
    """A month's CSV files, the revision's apart."""
    return {name: data for name, data in contents(folder).items()
            if name.endswith(".csv") and not name.startswith("revision/")}  # fmt: skip


def differences(folder: Path, month: str) -> list[dict[str, str]]:
    """A month's differences."""
    with (reports(folder) / month / "revision" / "differences.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def change_an_order(folder: Path) -> None:
    """The order of February has less BV than was exported."""
    path = folder / "book" / "2020-02" / "orders.csv"
    text = path.read_text()
    path.write_text(text.replace(",80.00,", ",70.00,"))
    assert path.read_text() != text


@pytest.mark.exhaustive
@pytest.mark.long
def test_its_reports_and_those_of_later_months_move(mine: Path) -> None:
    before = {month: contents(reports(mine) / month) for month in ("2020-02", LAST)}
    done = reopen(mine)
    assert done.code == 0 and done.out.splitlines()[0] == (
        "2020-02  is open again; its reports are kept in reports/.superseded/2020-02.1"
    )
    assert not (reports(mine) / "2020-02").exists() and not (reports(mine) / LAST).exists()
    for month, files in before.items():
        assert contents(reports(mine) / ".superseded" / f"{month}.1") == files
    assert (reports(mine) / "2020-01" / "seal.json").exists()
    assert verify(mine, "--quick").code == 0


@pytest.mark.exhaustive
@pytest.mark.long
def test_closed_again_without_a_change_nothing_differs(mine: Path) -> None:
    before = {month: csv_files(reports(mine) / month) for month in ("2020-01", "2020-02", LAST)}
    assert reopen(mine).code == 0
    done = close_again(mine)
    assert done.code == 0, done.err
    assert {month: csv_files(reports(mine) / month) for month in before} == before
    assert not (reports(mine) / "2020-01" / "revision").exists()
    for month in ("2020-02", LAST):
        text = (reports(mine) / month / "revision" / "differences.csv").read_text()
        assert text == "file,key,change,column,before,after\n"
        old = reports(mine) / ".superseded" / f"{month}.1" / "seal.json"
        seal = json.loads((reports(mine) / month / "seal.json").read_text())
        assert seal["supersedes"] == {
            "version": 1, "seal": sha256(old.read_bytes()).hexdigest(), "reason": REASON,
        }  # fmt: skip
    proved = verify(mine)
    assert (proved.code, proved.out.count("same")) == (0, 3), proved.out


def test_only_files_that_are_whole_are_compared(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are written beside the CSV files, which take long in a large month."""

    def late(con: duckdb.DuckDBPyConnection, reported: ReportedMonth) -> None:
        time.sleep(2)
        write_csv_files(con, reported)

    monkeypatch.setattr("pipelines.reports.write.write_csv_files", late)
    assert reopen(mine, LAST).code == 0
    assert close_again(mine).code == 0
    assert differences(mine, LAST) == []


@pytest.mark.long
def test_what_has_changed_is_told_cell_by_cell_and_on_a_page(mine: Path) -> None:
    assert reopen(mine).code == 0
    change_an_order(mine)
    done = close_again(mine)
    assert done.code == 0, done.err
    found = differences(mine, "2020-02")
    assert {
        "file": "finance/statements.csv", "key": "M1", "change": "changed", "column": "net_bv",
        "before": "80.00", "after": "70.00",
    } in found  # fmt: skip
    assert {
        "file": "finance/bv_ledger.csv", "key": "credit/O2/M1", "change": "changed",
        "column": "bv", "before": "80.00", "after": "70.00",
    } in found  # fmt: skip
    order = [tuple(row[name] for name in ("file", "key", "column")) for row in found]
    assert order == sorted(order)
    later = {row["file"] for row in differences(mine, LAST)}
    assert later == {"customers/owners.csv", "customers/value.csv"}, "what is summed over all time"
    page = reports(mine) / "2020-02" / "revision" / "index.html"
    read_page(page)
    text = page.read_text()
    assert "the orders&#39; BV was exported wrong" in text and "\u221210.00" in text
    first = reports(mine) / "2020-02" / "index.html"
    assert 'href="revision/index.html"' in first.read_text()
    assert verify(mine).code == 0


@pytest.mark.exhaustive
@pytest.mark.long
def test_it_can_be_reopened_again(mine: Path) -> None:
    assert reopen(mine, LAST).code == 0 and close_again(mine).code == 0
    assert reopen(mine, "2020-02", "once more").code == 0
    names = sorted(path.name for path in (reports(mine) / ".superseded").iterdir() if path.is_dir())
    assert names == ["2020-02.1", "2020-03.1", "2020-03.2"]
    assert close_again(mine).code == 0
    seal = json.loads((reports(mine) / LAST / "seal.json").read_text())
    assert (seal["supersedes"]["version"], seal["supersedes"]["reason"]) == (2, "once more")
    assert verify(mine, "--quick").code == 0


class Died(Exception):
    """The command ends here."""


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("point", [
    "the reopening is written down", "2020-03 is superseded", "2020-02 is superseded",
    "before the warehouse is published", "the warehouse is published",
])  # fmt: skip
def test_one_that_dies_is_finished_by_the_next_command(mine: Path, point: str) -> None:
    def at(reached: str) -> None:
        if reached == point:
            raise Died

    with pytest.raises(Died):
        reopen_months(Home(mine / "home", at=at), Month("2020-02"), REASON)
    told = upline("explain", "order", "O1", "--book", mine / "book", "--home", mine / "home")
    assert told.code == 2 and "was interrupted" in told.err
    done = close_again(mine)
    assert done.code == 0, done.err
    seal = json.loads((reports(mine) / "2020-02" / "seal.json").read_text())
    assert seal["supersedes"]["reason"] == REASON
    assert verify(mine, "--quick").code == 0


def test_the_months_that_stay_closed_can_be_explained(mine: Path) -> None:
    assert reopen(mine).code == 0
    told = upline("explain", "member", "M2", "--book", mine / "book", "--home", mine / "home")
    assert told.code == 0 and told.out.startswith("member M2, 2020-01\n"), told.err


@pytest.mark.long
def test_what_was_superseded_is_proved_too(mine: Path) -> None:
    assert reopen(mine, LAST).code == 0 and close_again(mine).code == 0
    old = reports(mine) / ".superseded" / f"{LAST}.1"
    (old / "finance" / "statements.csv").write_text("")
    found = verify(mine, "--quick")
    assert found.code == 3
    assert f"report_changed  reports/.superseded/{LAST}.1/finance/statements.csv" in found.out
    shutil.rmtree(old)
    found = verify(mine, "--quick")
    assert found.code == 3 and "there are none" in found.out


def test_signatures_move_with_the_reports(mine: Path) -> None:
    folder = mine / "home" / "signatures" / LAST
    folder.mkdir(parents=True)
    (folder / "ann.json").write_text("{}")
    assert reopen(mine, LAST).code == 0
    assert not folder.exists()
    assert (folder.parent / ".superseded" / f"{LAST}.1" / "ann.json").exists()


def test_what_cannot_be_reopened_is_refused(mine: Path, tmp_path: Path) -> None:
    before = contents(mine)
    assert "2021-01 is not closed" in reopen(mine, "2021-01").err
    assert "--reason is empty" in reopen(mine, reason="  ").err
    with (mine / "home" / "work" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another command is at work" in reopen(mine).err
    none = upline("reopen", "2020-01", "--home", tmp_path / "none", "--reason", "x")
    assert none.code == 2 and not (tmp_path / "none").exists()
    assert contents(mine) == before
    path = reports(mine) / LAST / "seal.json"
    path.write_text(path.read_text() + "\n")
    assert "has changed since" in reopen(mine).err and (reports(mine) / LAST).exists()


def test_a_book_that_opens_later_since_goes_on_from_nothing(tmp_path: Path) -> None:
    book, home, fresh = write_three_months(tmp_path / "book"), tmp_path / "home", tmp_path / "fresh"
    assert close("2020-01", book, home).code == 0
    assert reopen(tmp_path, "2020-01").code == 0
    policy = book / "policy.toml"
    policy.write_text(policy.read_text().replace(
        'opening_month = "2020-01"', 'opening_month = "2020-02"'))  # fmt: skip
    for each in (home, fresh):
        done = close("2020-02", book, each)
        assert done.code == 0, done.err
    months = [contents(each / "reports" / "2020-02") for each in (home, fresh)]
    assert months[0] == months[1]


def test_every_report_has_a_key() -> None:
    printed = {f"{model.programme}/{model.name}.csv" for model in read_models() if model.order}
    assert printed | {"quality/quarantine.csv"} == set(KEYS)


def test_an_analyst_sees_no_reopened_month_as_closed(mine: Path) -> None:
    published = mine / "home" / "warehouse.duckdb"
    before = closed_rows(published)
    assert {month for _, month in before} >= {"2020-01", "2020-02", LAST}
    assert reopen(mine).code == 0
    after = closed_rows(published)
    assert after == {at: rows for at, rows in before.items() if at[1] < "2020-02"}
    assert after["book.closes", "2020-01"] == 1
    assert len(list((mine / "home" / "warehouses").iterdir())) == 1
    told = upline("explain", "member", "M1", "--book", mine / "book", "--home", mine / "home")
    assert told.code == 0, told.err
    assert reopen(mine, "2020-01").code == 0
    assert not published.exists() and not published.is_symlink()


def closed_rows(path: Path) -> dict[tuple[str, str], int]:
    """How many rows each of a warehouse's tables has of each closed month."""
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_columns() join duckdb_tables() "
            "using (schema_name, table_name) where column_name = 'close_month'"
        ).fetchall()
        return {
            (table, month): rows
            for (table,) in tables
            for month, rows in con.execute(
                f"select close_month, count(*) from {table} group by all"
            ).fetchall()
        }
