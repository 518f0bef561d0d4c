"""Two commands at once on one home, and analysts who have the warehouse open.

Belongs here: that nobody harms or blocks another. Deaths are in test_deaths.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from three_months import months_published, write_three_months
from upline_command import close, contents, finish, start_close, what_is_kept

from pipelines.closing.home import Home
from pipelines.closing.lock import lock_home
from pipelines.stop import Stop


def hold_lock(home: Path) -> subprocess.Popen[str]:
    """A process that holds the home's lock until it is killed."""
    script = (
        "import fcntl, pathlib, sys, time\n"
        "work = pathlib.Path(sys.argv[1]) / 'work'\n"
        "work.mkdir(parents=True, exist_ok=True)\n"
        "lock = (work / 'lock').open('a+')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


@pytest.mark.long
def test_a_second_close_waits_for_the_first_and_says_so(mine: Path) -> None:
    holder = hold_lock(mine / "home")
    second = start_close("2020-02", mine / "book", mine / "home")
    assert second.stdout is not None
    assert "another command is at work" in second.stdout.readline()
    assert second.poll() is None
    holder.kill()
    holder.communicate()
    assert finish(second).code == 0


@pytest.mark.exhaustive
@pytest.mark.long
def test_two_closes_at_once_close_once(tmp_path: Path, three_months: Path) -> None:
    book = write_three_months(tmp_path / "book")
    started = [start_close("2020-03", book, tmp_path / "home", "--through") for _ in range(2)]
    found = [finish(process) for process in started]
    assert [each.code for each in found] == [0, 0]
    assert sum("sealed" in each.out for each in found) == 1
    assert what_is_kept(tmp_path / "home").keys() == what_is_kept(three_months / "home").keys()
    assert contents(tmp_path / "home" / "reports") == contents(three_months / "home" / "reports")


def test_a_stopped_close_never_takes_away_what_another_closed_meanwhile(mine: Path) -> None:
    home = mine / "new"
    with pytest.raises(Stop), lock_home(Home(home), lambda text: None):
        shutil.copytree(mine / "home" / "reports", home / "reports")
        raise Stop("for a reason of its own")
    assert (home / "reports" / "2020-01" / "seal.json").exists()


@pytest.mark.exhaustive
@pytest.mark.long
def test_who_waited_at_a_home_that_was_taken_away_makes_it_anew(mine: Path) -> None:
    with pytest.raises(Stop), lock_home(Home(mine / "new"), lambda text: None):
        second = start_close("2020-01", mine / "book", mine / "new")
        assert second.stdout is not None
        assert "another command is at work" in second.stdout.readline()
        raise Stop("for a reason of its own")
    assert finish(second).code == 0
    assert (mine / "new" / "reports" / "2020-01" / "seal.json").exists()


# Analysts.

ANALYST = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reads")
if sys.argv[2] == "writes":
    con.execute("create table mine as select 1 as one; drop table drops.orders")
print("open", flush=True)
sys.stdin.readline()
print(con.execute("select count(*) from drops.members").fetchall(), flush=True)
"""


@contextmanager
def analyst(home: Path, does: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the published warehouse open, and at the end dies with it open."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(home / "warehouse.duckdb"), does],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.long
def test_an_analyst_who_reads_neither_blocks_a_close_nor_is_blocked(mine: Path) -> None:
    with analyst(mine / "home", "reads") as process:
        assert close("2020-02", mine / "book", mine / "home").code == 0
        assert months_published(mine / "home") == ["2020-01", "2020-02"]
        assert process.communicate("\n")[0] == "[(2,)]\n"


@pytest.mark.exhaustive
@pytest.mark.long
def test_an_analyst_who_writes_harms_only_his_own_copy(mine: Path, three_months: Path) -> None:
    with analyst(mine / "home", "writes"):
        assert close("2020-02", mine / "book", mine / "home").code == 0
    assert months_published(mine / "home") == ["2020-01", "2020-02"]
    assert close("2020-03", mine / "book", mine / "home").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


LATE_ANALYST = """
import duckdb, sys
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
con.execute("create table mine as select 1 as one")
print("written", flush=True)
sys.stdin.readline()
"""


@contextmanager
def late_analyst(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the warehouse open for writing, and writes when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", LATE_ANALYST, str(home / "warehouse.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.exhaustive
@pytest.mark.long
def test_an_analyst_who_writes_after_a_publish_does_not_spoil_what_is_new(mine: Path) -> None:
    home = mine / "home"
    with late_analyst(home) as first:
        assert close("2020-02", mine / "book", home).code == 0
        with late_analyst(home) as second:
            for process in (first, second):
                assert process.stdin is not None and process.stdout is not None
                process.stdin.write("\n")
                process.stdin.flush()
                assert process.stdout.readline() == "written\n"
        assert months_published(home) == ["2020-01", "2020-02"]
        assert close("2020-03", mine / "book", home).code == 0
        assert months_published(home) == ["2020-01", "2020-02", "2020-03"]
    assert months_published(home) == ["2020-01", "2020-02", "2020-03"]
    assert close("2020-03", mine / "book", home).code == 0
    assert len(list((home / "warehouses").iterdir())) == 1


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("log", [b"", b"a log of another client"])
def test_a_log_beside_the_link_spoils_nothing(mine: Path, log: bytes) -> None:
    (mine / "home" / "warehouse.duckdb.wal").write_bytes(log)
    assert months_published(mine / "home") == ["2020-01"]
    assert close("2020-02", mine / "book", mine / "home").code == 0
    assert not (mine / "home" / "warehouse.duckdb.wal").exists()


@pytest.mark.long
def test_a_warehouse_that_an_earlier_version_published_is_replaced(mine: Path) -> None:
    home = mine / "home"
    content = (home / "warehouse.duckdb").read_bytes()
    (home / "warehouse.duckdb").unlink()
    shutil.rmtree(home / "warehouses")
    (home / "warehouse.duckdb").write_bytes(content)
    assert close("2020-01", mine / "book", home).code == 0
    assert not (home / "warehouse.duckdb").is_symlink()
    assert close("2020-02", mine / "book", home).code == 0
    assert (home / "warehouse.duckdb").is_symlink()
    assert months_published(home) == ["2020-01", "2020-02"]


def test_a_published_warehouse_that_was_thrown_away_comes_back(mine: Path) -> None:
    (mine / "home" / "warehouse.duckdb").unlink()
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert months_published(mine / "home") == ["2020-01"]
