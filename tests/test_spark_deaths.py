"""Closes on Spark in which a worker, the server or the driver dies: the figures stay the same."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLE, close_quietly
from small_book import drop, row, write_book
from spark_server import (
    needs_spark,
    running_processes,
    start_with_spark,
    started_server,
    upline_with_spark,
)
from test_golden import texts
from upline_command import finish

pytestmark = [pytest.mark.spark, pytest.mark.longest, needs_spark]
MONTH = "2020-01"
HALF_WAY = 60
POLICY = """\
[company]
name = "Small Book"
currency = "EUR"
timezone = "Europe/Amsterdam"
opening_month = "2020-01"
ranks = ["associate", "manager", "director"]
[volume]
"""


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The month's reports, as DuckDB makes them."""
    home = tmp_path_factory.mktemp("duck") / "home"
    close_quietly(SAMPLE, home, MONTH)
    return texts(home / "reports" / MONTH)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book of few programmes, which takes a third of the sample's jobs."""
    folder = tmp_path_factory.mktemp("small") / "book"
    members = [row("members"), row("members", member_id="M2", sponsor_id="M1")]
    return write_book(folder, drop(members=members, orders=[row("orders")]), policy=POLICY)


def asked(folder: Path, remote: str, book: Path = SAMPLE) -> list[str | Path]:
    return [
        "close", MONTH, "--book", book, "--home", folder / "home", "--engine", "spark",
        "--remote", remote, "--warehouse", folder / "tables",
    ]  # fmt: skip


def written(folder: Path) -> set[Path]:
    """The directories that there are, whoever names them."""
    return set((folder / "tables").glob("*.*/*/rows-*"))


def named(folder: Path) -> set[Path]:
    """The directories that the month's manifest names."""
    told = json.loads((folder / "tables" / "months" / f"{MONTH}.json").read_text())
    return {
        folder / "tables" / part["directory"]
        for table in told["tables"].values()
        for part in table["directories"]
    }


def wait_until(is_so: Callable[[], bool], seconds: int = 600) -> None:
    for _ in range(seconds * 10):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it has not come to that")


def test_a_worker_that_dies_is_made_good_by_the_others(
    tmp_path: Path, wanted: dict[str, str]
) -> None:
    with started_server("local-cluster[2,1,1024]", tmp_path / "server") as server:
        process = start_with_spark(*asked(tmp_path, server.remote))
        wait_until(lambda: len(written(tmp_path)) > HALF_WAY)
        os.kill(server.workers()[0], signal.SIGKILL)
        told = finish(process, 900)
    assert told.code == 0, told.err
    assert texts(tmp_path / "home" / "reports" / MONTH) == wanted


def test_after_the_servers_death_the_month_is_closed_again(
    tmp_path: Path, wanted: dict[str, str]
) -> None:
    with started_server("local[2]", tmp_path / "server") as server:
        process = start_with_spark(*asked(tmp_path, server.remote))
        wait_until(lambda: len(written(tmp_path)) > HALF_WAY)
        server.process.kill()
        told = finish(process, 900)
    assert told.code == 1 and "failed: Spark" in told.err and "Traceback" not in told.err
    assert not (tmp_path / "home" / "reports" / MONTH).exists()
    with started_server("local[2]", tmp_path / "another") as server:
        told = upline_with_spark(*asked(tmp_path, server.remote))
    assert told.code == 0, told.err
    assert texts(tmp_path / "home" / "reports" / MONTH) == wanted
    assert written(tmp_path) == named(tmp_path)


@pytest.mark.parametrize("point", ["before finance.entries is committed", "the seal is recorded"])
def test_after_the_drivers_death_its_server_ends_and_the_month_is_closed_again(
    tmp_path: Path, small: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPLINE_KILL_AT", point)
    told = upline_with_spark(*asked(tmp_path, "local[2]", small))
    assert told.code == -signal.SIGKILL
    wait_until(lambda: not servers_of(tmp_path), 60)
    monkeypatch.delenv("UPLINE_KILL_AT")
    told = upline_with_spark("close", MONTH, "--book", small, "--home", tmp_path / "home")
    assert told.code == 0, told.err
    close_quietly(small, tmp_path / "duck", MONTH)
    found, wanted = (texts(tmp_path / home / "reports" / MONTH) for home in ("home", "duck"))
    assert found == wanted
    assert written(tmp_path) == named(tmp_path)


def servers_of(folder: Path) -> list[int]:
    """The servers that write their log into a home."""
    log = folder / "home" / "work" / "spark.log"
    found = [each for each in running_processes() if "SparkConnectServer" in each.command]
    return [each.pid for each in found if _writes_to(each.pid, log)]


def _writes_to(pid: int, log: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/fd/1").readlink() == log
    except OSError:
        return False
