"""Closes that die: killed at named points and at random ones, on a full or a read-only disk.

Belongs here: that a home is as it was or as it is after, and that the next command goes on.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from three_months import months_published, write_three_months
from upline_command import COMMAND, close, contents, finish, start_close, what_is_kept

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A small file system of its own; skips where that is not allowed."""
    folder.mkdir()
    told = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(told, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
@pytest.mark.parametrize("room", [0, 8, 50, 200, 500, 2000, 6000, 12000, 20000, 30000])
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


# At named points. The process is a fork of one that has loaded the program and done nothing.
DYING = """
import os, sys
from pathlib import Path
from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.command_line.closing import kill_at
from pipelines.months import Month
import pipelines.reports.write, pipelines.rules.models
book, home = Path(sys.argv[1]), Path(sys.argv[2])
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        sys.stderr = open(os.devnull, "w")
        dying = Home(home, at=kill_at(line.strip()))
        close_months(book, dying, Month("2020-02"), False, lambda text: None)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def dying_closes(folder: Path) -> Iterator[Callable[[str], int]]:
    """Closes of February that each end at a named point: a function of the point to the code."""
    command = [sys.executable, "-c", DYING, str(folder / "book"), str(folder / "home")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    told, answers = process.stdin, process.stdout
    assert told is not None and answers is not None

    def die(point: str) -> int:
        told.write(f"{point}\n")
        told.flush()
        return int(answers.readline())

    try:
        yield die
    finally:
        process.communicate()
        assert process.returncode == 0


@pytest.fixture(scope="module")
def points(january: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Every named point of February's close, in order."""
    mine = tmp_path_factory.mktemp("points") / "mine"
    shutil.copytree(january, mine, symlinks=True)
    found: list[str] = []
    home = Home(mine / "home", at=found.append)
    close_months(mine / "book", home, Month("2020-02"), False, lambda text: None)
    return found


def check_as_before(mine: Path, before: dict[str, bytes]) -> None:
    """The next command, one that closes nothing, finds or puts everything as it was before."""
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert what_is_kept(mine / "home") == before


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


def kill_at_each(mine: Path, chosen: list[str], is_checked: bool) -> None:
    """Kill a close of February at each point in turn, and look at the home after each death."""
    before = what_is_kept(mine / "home")
    with dying_closes(mine) as die:
        for point in chosen:
            assert die(point) == -9, point
            reports = contents(mine / "home" / "reports")
            assert reports == contents_of(before, "reports/"), point
            assert set(months_published(mine / "home")) >= {"2020-01"}, point
            if is_checked:
                check_as_before(mine, before)
    check_as_before(mine, before)


def contents_of(kept: dict[str, bytes], folder: str) -> dict[str, bytes]:
    return {
        name.removeprefix(folder): data for name, data in kept.items() if name.startswith(folder)
    }


def split_at_commit(points: list[str]) -> tuple[list[str], list[str]]:
    """The points before the month is closed, and those after."""
    commit = points.index("the reports are in place")
    return points[:commit], points[commit:]


@pytest.mark.long
def test_killed_at_the_points_of_publishing_the_next_command_undoes_it(
    mine: Path, three_months: Path, points: list[str]
) -> None:
    uncommitted, _ = split_at_commit(points)
    kill_at_each(mine, uncommitted[uncommitted.index("the reports are written") :], True)
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.long
def test_killed_at_every_point_before_the_commit_a_home_is_as_before(
    mine: Path, three_months: Path, points: list[str]
) -> None:
    kill_at_each(mine, split_at_commit(points)[0], False)
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0
    assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.long
def test_killed_after_the_commit_a_month_is_closed(
    january: Path, three_months: Path, tmp_path: Path, points: list[str]
) -> None:
    for number, point in enumerate(split_at_commit(points)[1]):
        mine = Path(shutil.copytree(january, tmp_path / str(number), symlinks=True))
        with dying_closes(mine) as die:
            assert die(point) == -9
        assert months_published(mine / "home") == ["2020-01", "2020-02"]
        found = close("2020-02", mine / "book", mine / "home")
        assert found.code == 0 and "closed already" in found.out
        assert len(list((mine / "home" / "warehouses").iterdir())) == 1
        assert close("2020-03", mine / "book", mine / "home").code == 0
        assert contents(mine / "home" / "reports") == contents(three_months / "home" / "reports")


@pytest.mark.long
@pytest.mark.parametrize("point", ["members is read", "the warehouse is published",
                                   "the reports are in place"])  # fmt: skip
def test_the_first_close_of_a_home_killed_at_a_point(
    tmp_path: Path, january: Path, point: str
) -> None:
    book, home = write_three_months(tmp_path / "book"), tmp_path / "home"
    command = [*COMMAND, "close", "2020-01", "--book", str(book), "--home", str(home)]
    found = subprocess.run(command, env=os.environ | {"UPLINE_KILL_AT": point}, capture_output=True)
    assert (found.returncode, found.stderr) == (-9, b"")
    shutil.rmtree(home / "work", ignore_errors=point == "members is read")
    assert close("2020-01", book, home).code == 0
    assert contents(home / "reports") == contents(january / "home" / "reports")
    assert months_published(home) == ["2020-01"]


@pytest.mark.long
def test_a_warehouse_thrown_away_while_a_month_is_open_shows_nothing_of_it(
    mine: Path, points: list[str]
) -> None:
    shown = published_rows(mine / "home")
    with dying_closes(mine) as die:
        assert die("the seal is recorded") == -9
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


def kill_after(seconds: float, book: Path, home: Path) -> None:
    """Start a close of all months and kill it after so long."""
    process = start_close("2020-03", book, home, "--through")
    time.sleep(seconds)
    process.kill()
    process.communicate()


def check_half_way(home: Path, whole: dict[str, bytes]) -> None:
    """After a close has died: every month is whole or not there, and the warehouse opens."""
    found = contents(home / "reports")
    found.pop("index.html", None)  # the overview of all closed months
    months = {name.split("/")[0] for name in found}
    assert found == {name: data for name, data in whole.items() if name.split("/")[0] in months}
    if (home / "warehouse.duckdb").exists():
        assert set(months_published(home)) >= months


def close_with_deaths(folder: Path, whole: Path, delays: list[float]) -> None:
    """Close with one death after another on the same home, then to the end."""
    book, home = write_three_months(folder / "book"), folder / "home"
    expected = contents(whole / "home" / "reports")
    for delay in delays:
        kill_after(delay, book, home)
        check_half_way(home, expected)
    assert close("2020-03", book, home, "--through").code == 0
    assert contents(home / "reports") == expected
    left = {path.name for path in (home / "work").iterdir()}
    assert left <= {"lock", "seals", "warehouse.duckdb", "spill"}


@pytest.mark.long
def test_a_close_that_died_goes_on_from_there(tmp_path: Path, three_months: Path) -> None:
    close_with_deaths(tmp_path, three_months, [2.5])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_a_close_that_dies_again_and_again_gives_the_same_reports(
    tmp_path: Path, three_months: Path, seed: int
) -> None:
    start = time.monotonic()
    finish(start_close("2020-03", three_months / "book", tmp_path / "timed", "--through"))
    whole = time.monotonic() - start
    chance = random.Random(seed)
    delays = [chance.uniform(0.3, 1.1) * whole for _ in range(3)]
    close_with_deaths(tmp_path / "dying", three_months, delays)
