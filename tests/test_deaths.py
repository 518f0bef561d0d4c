"""Closes that die: killed at named points and at random ones, on a full or a read-only disk.

Belongs here: that a home is as it was or as it is after, and that the next command goes on.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from three_months import months_published, write_three_months
from upline_command import close, contents, finish, start_close


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


def test_a_home_that_is_read_only_is_refused(january: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=100m") as disk:
        shutil.copytree(january / "home", disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for home in (disk / "home", disk / "new"):
            found = close("2020-02", january / "book", home)
            assert found.code == 2 and "cannot be the home: Read-only" in found.err


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
