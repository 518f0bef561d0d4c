"""`verify` finds every kind of difference, names it, and writes nothing.

Belongs here: a tampering a test. What it is like when nothing differs, and what cannot be verified.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import close_quietly
from three_months import write_three_months
from upline_command import Outcome, contents, upline

pytestmark = pytest.mark.long

LAST = "2020-03"
Found = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a book and a home in which its three months are closed."""
    folder = tmp_path_factory.mktemp("closed")
    close_quietly(write_three_months(folder / "book"), folder / "home", LAST)
    return folder


@pytest.fixture
def mine(closed: Path, tmp_path: Path) -> Path:
    """A copy of it, for a test that tampers with it."""
    shutil.copytree(closed, tmp_path / "mine", symlinks=True)
    return tmp_path / "mine"


def run(folder: Path, *more: str | Path) -> Outcome:
    """Run `upline verify`."""
    return upline("verify", "--book", folder / "book", "--home", folder / "home", *more)


def find(folder: Path, *more: str | Path, code: int = 3) -> Found:
    """What it finds, as month, kind and path; nothing is written meanwhile."""
    before = contents(folder)
    done = run(folder, "--json", *more)
    assert done.code == code, done.err
    assert contents(folder) == before
    told: dict[str, Any] = json.loads(done.out)
    assert told["same"] == (code == 0)
    assert all(each["same"] == (not each["differences"]) for each in told["months"])
    return [
        (each["month"], difference["kind"], difference["path"])
        for each in told["months"]
        for difference in each["differences"]
    ]


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a seal as somebody would who knows its form."""
    told = json.loads(path.read_text())
    change(told)
    path.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n")


def seal_of(folder: Path, month: str) -> Path:
    """A month's seal."""
    return folder / "home" / "reports" / month / "seal.json"


def forget_witnesses(folder: Path) -> None:
    """Take away what else knows the seals: the copies, and the published warehouse."""
    shutil.rmtree(folder / "home" / "work" / "seals")
    (folder / "home" / "warehouse.duckdb").unlink()


def forge(folder: Path, month: str, name: str, **versions: str) -> None:
    """Change a report and its seal as if it had been sealed so."""
    path = folder / "home" / "reports" / month / name
    path.write_bytes(path.read_bytes() + b"\n")

    def change(seal: dict[str, Any]) -> None:
        seal["reports"][name] = sha256(path.read_bytes()).hexdigest()
        seal["versions"] |= versions

    edit_json(seal_of(folder, month), change)
    forget_witnesses(folder)


@pytest.mark.long
def test_what_is_as_it_was_is_the_same(closed: Path) -> None:
    before = contents(closed)
    done = run(closed)
    assert (done.code, done.out) == (0, "2020-01  same\n2020-02  same\n2020-03  same\n")
    assert "2020-02  computed again" in done.err
    assert contents(closed) == before
    assert find(closed, "--quick", code=0) == []


@pytest.mark.exhaustive
@pytest.mark.long
def test_of_one_month_only_that_is_told(mine: Path) -> None:
    (mine / "home" / "reports" / "2020-02" / "index.html").unlink()
    assert find(mine, "--quick", "--month", "2020-01", code=0) == []
    assert run(mine, "--month", "2020-02").code == 3
    assert run(mine, "--quick").out.splitlines()[1] == (
        "2020-02  report_missing  reports/2020-02/index.html: it was sealed and is not there "
        "(a report that was sealed is not there)"
    )


class TestReports:
    def test_a_byte_changed(self, mine: Path) -> None:
        path = mine / "home" / "reports" / "2020-02" / "finance" / "statements.csv"
        path.write_bytes(path.read_bytes().replace(b"80.00", b"80.01"))
        name = "reports/2020-02/finance/statements.csv"
        assert find(mine, "--quick") == [("2020-02", "report_changed", name)]

    @pytest.mark.parametrize("name", ["notes.txt", "leaders/M1/more.csv", "leaders/M9/.hidden"])
    def test_a_file_added(self, mine: Path, name: str) -> None:
        path = mine / "home" / "reports" / "2020-01" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        assert find(mine, "--quick") == [("2020-01", "report_added", f"reports/2020-01/{name}")]

    def test_something_else_in_its_place(self, mine: Path) -> None:
        path = mine / "home" / "reports" / LAST / "finance" / "statements.csv"
        path.unlink()
        path.symlink_to("/dev/null")
        found = find(mine, "--quick")
        assert found == [(LAST, "report_changed", f"reports/{LAST}/finance/statements.csv")]

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_a_forged_report_under_a_forged_seal(self, mine: Path) -> None:
        forge(mine, LAST, "finance/statements.csv")
        assert find(mine, "--quick", code=0) == [], "digests alone cannot tell"
        found = find(mine)
        assert found[0] == (LAST, "report_changed", f"reports/{LAST}/finance/statements.csv")

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_another_program_gives_other_reports(self, mine: Path) -> None:
        forge(mine, LAST, "index.html", upline="0.0.1")
        assert find(mine) == [(LAST, "program_changed", f"reports/{LAST}/index.html")]
        assert "changed since: upline" in run(mine).out


class TestInputs:
    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_a_row_added_and_what_comes_of_it(self, mine: Path) -> None:
        path = mine / "book" / "2020-01" / "orders.csv"
        text = path.read_text()
        path.write_text(text + text.splitlines()[-1].replace("O1", "O9") + "\n")
        quick = find(mine, "--quick")
        assert quick == [("2020-01", "input_changed", "book/2020-01")]
        found = find(mine)
        assert {kind for _, kind, _ in found} == {"input_changed"}
        assert {month for month, _, _ in found} >= {"2020-01", "2020-02"}

    def test_what_a_digest_was_said_to_be_counts_for_nothing(self, mine: Path) -> None:
        path = mine / "book" / "2020-02" / "orders.csv"
        old = sha256(path.read_bytes()).hexdigest()
        path.write_text(path.read_text() + "\n")
        status = path.stat()
        mark = [status.st_size, status.st_ctime_ns, status.st_ino, old]
        cache = mine / "home" / "work" / "digests.json"
        cache.write_text(json.dumps({str(path.resolve()): mark}))
        assert ("2020-02", "input_changed", "book/2020-02") in find(mine, "--quick")

    @pytest.mark.long
    def test_a_drop_that_is_gone(self, mine: Path) -> None:
        shutil.rmtree(mine / "book" / "2020-02")
        found = find(mine)
        assert ("2020-02", "input_changed", "book/2020-02") in found
        assert (LAST, "input_changed", f"reports/{LAST}") in found
        assert not [each for each in found if each[0] == "2020-01"]

    def test_another_policy(self, mine: Path) -> None:
        path = mine / "book" / "policy.toml"
        path.write_text(path.read_text().replace("[volume]", "[volume]\npay_levels = 1"))
        assert [each[:2] for each in find(mine, "--quick")] == [
            (month, "input_changed") for month in ("2020-01", "2020-02", LAST)
        ]
        assert "the policy in force has changed" in run(mine, "--quick").out

    def test_a_file_added_to_a_drop(self, mine: Path) -> None:
        (mine / "book" / LAST / "leads.csv").write_text("lead_id,requested_at,country\n")
        assert find(mine, "--quick") == [(LAST, "input_changed", f"book/{LAST}")]


class TestSeals:
    def test_one_edited_by_hand(self, mine: Path) -> None:
        path = seal_of(mine, "2020-02")
        path.write_text(path.read_text() + " ")
        assert find(mine, "--quick") == [
            ("2020-02", "seal_changed", "reports/2020-02/seal.json"),
            (LAST, "chain_broken", f"reports/{LAST}/seal.json"),
        ]

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_the_last_one_when_nobody_else_knows_it(self, mine: Path) -> None:
        path = seal_of(mine, LAST)
        path.write_text(path.read_text() + " ")
        forget_witnesses(mine)
        assert find(mine)[0] == (LAST, "seal_changed", f"reports/{LAST}/seal.json")

    def test_the_last_one_known_to_the_published_warehouse_alone(self, mine: Path) -> None:
        path = seal_of(mine, LAST)
        path.write_text(path.read_text() + " ")
        shutil.rmtree(mine / "home" / "work" / "seals")
        assert find(mine, "--quick") == [(LAST, "seal_changed", f"reports/{LAST}/seal.json")]

    def test_one_that_is_no_seal(self, mine: Path) -> None:
        seal_of(mine, LAST).write_text("{}")
        assert find(mine, "--quick") == [(LAST, "seal_changed", f"reports/{LAST}/seal.json")]

    @pytest.mark.parametrize("month", ["2020-01", "2020-02", LAST])
    def test_one_that_is_missing(self, mine: Path, month: str) -> None:
        seal_of(mine, month).unlink()
        found = find(mine, "--quick")
        assert (month, "chain_broken", f"reports/{month}/seal.json") in found

    def test_a_month_in_the_middle_that_nobody_remembers(self, mine: Path) -> None:
        forget_witnesses(mine)
        shutil.rmtree(mine / "home" / "reports" / "2020-02")
        assert ("2020-02", "chain_broken", "reports/2020-02/seal.json") in find(mine, "--quick")

    def test_one_that_names_another_before_it(self, mine: Path) -> None:
        edit_json(seal_of(mine, LAST), lambda seal: seal.update(previous_seal="0" * 64))
        forget_witnesses(mine)
        assert find(mine, "--quick") == [(LAST, "chain_broken", f"reports/{LAST}/seal.json")]

    def test_inputs_named_otherwise(self, mine: Path) -> None:
        edit_json(seal_of(mine, LAST), lambda seal: seal["inputs"].update(policy="0" * 64))
        forget_witnesses(mine)
        assert find(mine, "--quick") == [(LAST, "input_changed", f"book/{LAST}")]


class TestTheWarehouse:
    @pytest.mark.exhaustive
    @pytest.mark.long
    @pytest.mark.parametrize("change", [
        "update finance.statements set net_bv = net_bv + 1 where close_month = '2020-02'",
        "delete from drops.orders where drop_month = '2020-02'",
        "insert into finance.volume select * from finance.volume where close_month = '2020-02'",
    ])  # fmt: skip
    def test_rows_changed(self, mine: Path, change: str) -> None:
        with duckdb.connect(str(mine / "home" / "warehouse.duckdb")) as con:
            con.execute(change)
        assert find(mine, "--quick", code=0) == []
        assert find(mine) == [("2020-02", "warehouse_differs", "warehouse.duckdb")]

    @pytest.mark.exhaustive
    @pytest.mark.long
    def test_a_table_that_is_gone(self, mine: Path) -> None:
        with duckdb.connect(str(mine / "home" / "warehouse.duckdb")) as con:
            con.execute("drop table finance.volume")
        assert find(mine) == [(LAST, "warehouse_differs", "warehouse.duckdb")]

    @pytest.mark.exhaustive
    @pytest.mark.long
    @pytest.mark.parametrize("content", [None, b"no database"])
    def test_one_that_cannot_be_read(self, mine: Path, content: bytes | None) -> None:
        path = mine / "home" / "warehouse.duckdb"
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        assert find(mine) == [(LAST, "warehouse_differs", "warehouse.duckdb")]

    @pytest.mark.parametrize(("change", "found"), [
        ("drop table customers.news", []),
        ("create table finance.former as select 1 as n", []),
        ("alter table customers.days add column note varchar", []),
        ("delete from customers.purchases", []),
        ("drop table finance.volume", [(LAST, "warehouse_differs", "warehouse.duckdb")]),
        ("update finance.statements set net_bv = net_bv + 1 where close_month = '2020-02'",
         [("2020-02", "warehouse_differs", "warehouse.duckdb")]),
    ])  # fmt: skip
    def test_of_another_version_what_reports_and_later_months_rest_on_is_compared(
        self, mine: Path, monkeypatch: pytest.MonkeyPatch, change: str, found: Found
    ) -> None:
        with duckdb.connect(str(mine / "home" / "warehouse.duckdb")) as con:
            con.execute(change)
        assert find(mine) != []
        monkeypatch.setattr("pipelines.proof.verify.changed_versions", lambda seal: ["upline"])
        assert find(mine, code=3 if found else 0) == found


def test_what_cannot_be_verified_is_refused(mine: Path, tmp_path: Path) -> None:
    assert "no month is closed there" in upline(
        "verify", "--book", mine / "book", "--home", tmp_path / "none").err  # fmt: skip
    assert not (tmp_path / "none").exists()
    assert run(mine, "--month", "2021-01").code == 2
    assert "there is no such folder" in upline(
        "verify", "--book", tmp_path / "none", "--home", mine / "home").err  # fmt: skip
    with (mine / "home" / "work" / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(mine, "--quick")
    assert done.code == 2 and "another command is at work" in done.err


def test_signatures_are_checked_when_asked_for(mine: Path, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen (OpenSSH) is not installed")
    import subprocess

    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", key], check=True
    )
    assert upline("sign", LAST, "--home", mine / "home", "--key", key).code == 0
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ann {' '.join((tmp_path / 'key.pub').read_text().split()[:2])}\n")
    assert find(mine, "--quick", "--signers", allowed, code=0) == []
    path = mine / "home" / "signatures" / LAST / "ann.json"
    path.write_text(path.read_text().replace('"note": ""', '"note": "x"'))
    assert find(mine, "--quick", code=0) == []
    found = find(mine, "--quick", "--signers", allowed)
    assert found == [(LAST, "signature_bad", f"signatures/{LAST}/ann.json")]
    assert run(mine, "--quick", "--signers", tmp_path / "none").code == 2
