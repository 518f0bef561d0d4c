"""Closes that die: killed at named points and at random ones, on a full or a read-only disk.

Belongs here: that a home is as it was or as it is after, and that the next command goes on.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from deaths import (
    KILLED,
    check_as_before,
    check_half_way,
    check_reports_as_before,
    check_whole,
    dying_closes,
    mounted,
    named_points,
    split_at_commit,
)
from three_months import months_published, write_three_months
from upline_command import COMMAND, close, contents, finish, start_close, what_is_kept

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize(
    "room", [200, *(pytest.param(room, marks=pytest.mark.exhaustive) for room in (0, 6000, 20000))]
)
def test_a_full_disk_stops_without_a_traceback_and_can_be_made_good(
    january: Path, three_months: Path, tmp_path: Path, room: int
) -> None:
    with mounted(tmp_path / "disk", "size=300m") as disk:
        home = Path(shutil.copytree(january / "home", disk / "home"))
        before, status = contents(home / "reports"), os.statvfs(disk)
        (disk / "ballast").write_bytes(bytes(status.f_bavail * status.f_bsize - room * 1024))
        found = finish(start_close("2020-02", january / "book", home))
        if found.code != 0:
            assert found.code == 1 and "No space left" in found.err
            assert "Traceback" not in found.err and found.err.count("\n") == 1
            assert contents(home / "reports") == before
            months_published(home)
        (disk / "ballast").unlink()
        assert close("2020-03", three_months / "book", home, "--through").code == 0
        assert contents(home / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.long
def test_a_home_that_is_read_only_is_refused(january: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=100m") as disk:
        shutil.copytree(january / "home", disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for home in (disk / "home", disk / "new"):
            found = close("2020-02", january / "book", home)
            assert found.code == 2 and "cannot be the home: Read-only" in found.err


# At named points.


@pytest.fixture(scope="module")
def points(january: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every named point of February's close, in order."""
    return named_points(january, tmp_path_factory.mktemp("points") / "mine")


@pytest.mark.long
def test_the_points_are_before_and_after_all_that_others_can_see(points: list[str]) -> None:
    assert len(points) == len(set(points)) > 200
    last = points[points.index("finance.statements is committed") :]
    wanted = [
        "before the reports are written", "the reports are written", "the seal is written",
        "before the seal is recorded", "the seal is recorded", "before the warehouse is published",
        "the warehouse is published", "before the reports are in place",
        "the reports are in place", "before the overview is written",
    ]  # fmt: skip
    assert [point for point in last if point in wanted] == wanted


def kill_at_each(mine: Path, chosen: list[str]) -> None:
    """Kill a close of February at each point in turn, and look at the home after each death."""
    before = what_is_kept(mine / "home")
    with dying_closes(mine) as die:
        for point in chosen:
            assert die(f"at {point}") == KILLED, point
            check_reports_as_before(mine, before, point)
            check_as_before(mine, before)


@pytest.mark.exhaustive
@pytest.mark.long
def test_killed_before_the_commit_the_next_command_undoes_it(
    mine: Path, three_months: Path, points: list[str]
) -> None:
    """All points of publishing, and one in forty before; all of them are in `make soak`."""
    before, _ = split_at_commit(points)
    publishing = before.index("the reports are written")
    kill_at_each(mine, before[:publishing:40] + before[publishing:])
    check_whole(mine, contents(three_months / "home" / "reports"))


@pytest.mark.exhaustive
@pytest.mark.long
def test_killed_after_the_commit_a_month_is_closed(
    january: Path, three_months: Path, tmp_path: Path, points: list[str]
) -> None:
    for number, point in enumerate(split_at_commit(points)[1]):
        mine = Path(shutil.copytree(january, tmp_path / str(number), symlinks=True))
        with dying_closes(mine) as die:
            assert die(f"at {point}") == KILLED
        assert months_published(mine / "home") == ["2020-01", "2020-02"]
        found = close("2020-02", mine / "book", mine / "home")
        assert found.code == 0 and "closed already" in found.out
        assert len(list((mine / "home" / "warehouses").iterdir())) == 1
        assert close("2020-03", mine / "book", mine / "home").code == 0
        assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("point", ["members is read", "the warehouse is published",
                                   "the reports are in place"])  # fmt: skip
def test_the_first_close_of_a_home_killed_at_a_point(
    tmp_path: Path, january: Path, point: str
) -> None:
    book, home = write_three_months(tmp_path / "book"), tmp_path / "home"
    command = [*COMMAND, "close", "2020-01", "--book", str(book), "--home", str(home)]
    found = subprocess.run(command, env=os.environ | {"UPLINE_KILL_AT": point}, capture_output=True)
    assert (found.returncode, found.stderr) == (KILLED, b"")
    shutil.rmtree(home / "work", ignore_errors=point == "members is read")
    assert close("2020-01", book, home).code == 0
    assert contents(home / "reports") == contents(january / "home" / "reports")
    assert months_published(home) == ["2020-01"]


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_warehouse_thrown_away_while_a_month_is_open_shows_nothing_of_it(
    mine: Path, points: list[str]
) -> None:
    shown = published_rows(mine / "home")
    with dying_closes(mine) as die:
        assert die("at the seal is recorded") == KILLED
    (mine / "home" / "warehouse.duckdb").unlink()
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert published_rows(mine / "home") == shown


def published_rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that analysts see."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        names = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_type = 'BASE TABLE' order by 1"
        ).fetchall()
        return {name: con.execute(f"from {name} order by all").fetchall() for (name,) in names}


# Reports that cannot be moved into place.


@pytest.mark.long
def test_reports_that_cannot_be_moved_leave_nothing_published(mine: Path, january: Path) -> None:
    reports, aside = mine / "home" / "reports", mine / "home" / "aside"

    def forbid(point: str) -> None:
        if point == "before the reports are in place":
            reports.rename(aside)
            reports.write_text("no folder")

    home = Home(mine / "home", at=forbid)
    with pytest.raises(OSError):
        close_months(mine / "book", home, Month("2020-02"), False, lambda text: None)
    reports.unlink()
    aside.rename(reports)
    check_as_before(mine, what_is_kept(january / "home"))


@pytest.mark.long
def test_reports_on_a_read_only_disk_leave_nothing_published(mine: Path, january: Path) -> None:
    reports = mine / "home" / "reports"
    shutil.move(reports, mine / "aside")
    with mounted(reports, "size=100m"):
        shutil.copytree(mine / "aside", reports, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(reports)], check=True)
        found = close("2020-02", mine / "book", mine / "home")
        assert found.code == 1 and found.err.count("\n") == 1
        assert months_published(mine / "home") == ["2020-01"]
    reports.rmdir()
    shutil.move(mine / "aside", reports)
    check_as_before(mine, what_is_kept(january / "home"))


# At random times.


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(1, 4))]
)
def test_a_close_that_dies_again_and_again_gives_the_same_reports(
    tmp_path: Path, three_months: Path, seed: int
) -> None:
    write_three_months(tmp_path / "book")
    chance, whole = random.Random(seed), contents(three_months / "home" / "reports")
    with dying_closes(tmp_path, "2020-03") as die:
        for _ in range(4):
            die(f"after {chance.uniform(0.1, 2.5)}")
            check_half_way(tmp_path / "home", whole)
    check_whole(tmp_path, whole)
