"""Closes that die, by whatever hand: what the tests of deaths and the long soak have in common.

Belongs here: killing a close at a named point or after a while, disks of a given size, and what a
home must be afterwards.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from three_months import months_published
from upline_command import close, contents, what_is_kept

from pipelines.closing.close import close_months
from pipelines.closing.home import Home
from pipelines.months import Month

KILLED = -9


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


# Each close is a fork of a process that has loaded the program and done nothing. A line is
# "at <named point>" or "after <seconds>".
DYING = """
import os, signal, sys, time
from pathlib import Path
from pipelines.closing.close import close_months
from pipelines.closing.home import Home, pass_on
from pipelines.command_line.closing import kill_at
from pipelines.months import Month
import pipelines.reports.write, pipelines.rules.models
book, home, month = Path(sys.argv[1]), Path(sys.argv[2]), Month(sys.argv[3])
for line in sys.stdin:
    how, _, when = line.strip().partition(" ")
    child = os.fork()
    if child == 0:
        sys.stderr = open(os.devnull, "w")
        dying = Home(home, at=kill_at(when) if how == "at" else pass_on)
        close_months(book, dying, month, month.text > "2020-02", lambda text: None)
        os._exit(0)
    if how == "after":
        time.sleep(float(when))
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def dying_closes(folder: Path, month: str = "2020-02") -> Iterator[Callable[[str], int]]:
    """Closes that each end at a named point or after a while: a function of which to the code."""
    command = [sys.executable, "-c", DYING, str(folder / "book"), str(folder / "home"), month]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    told, answers = process.stdin, process.stdout
    assert told is not None and answers is not None

    def die(how: str) -> int:
        told.write(f"{how}\n")
        told.flush()
        return int(answers.readline())

    try:
        yield die
    finally:
        process.communicate()
        assert process.returncode == 0


def named_points(january: Path, folder: Path) -> list[str]:
    """Every named point of February's close, in order; closes a copy of January in `folder`."""
    mine = Path(shutil.copytree(january, folder, symlinks=True))
    found: list[str] = []
    home = Home(mine / "home", at=found.append)
    close_months(mine / "book", home, Month("2020-02"), False, lambda text: None)
    return found


def split_at_commit(points: list[str]) -> tuple[list[str], list[str]]:
    """The points before the month is closed, and those after."""
    commit = points.index("the reports are in place")
    return points[:commit], points[commit:]


def check_as_before(mine: Path, before: dict[str, bytes]) -> None:
    """The next command, one that closes nothing, finds or puts everything as it was before."""
    assert close("2020-01", mine / "book", mine / "home").code == 0
    assert what_is_kept(mine / "home") == before


def check_reports_as_before(mine: Path, before: dict[str, bytes], point: str) -> None:
    """No report has changed, and the warehouse opens."""
    reports = {f"reports/{name}": data for name, data in contents(mine / "home/reports").items()}
    assert reports == {n: data for n, data in before.items() if n.startswith("reports/")}, point
    assert set(months_published(mine / "home")) >= {"2020-01"}, point


def check_half_way(home: Path, whole: dict[str, bytes]) -> None:
    """After a close has died: every month is whole or not there, and the warehouse opens."""
    found = contents(home / "reports")
    found.pop("index.html", None)  # the overview of all closed months
    months = {name.split("/")[0] for name in found}
    assert found == {name: data for name, data in whole.items() if name.split("/")[0] in months}
    if (home / "warehouse.duckdb").exists():
        assert set(months_published(home)) >= months


def check_whole(mine: Path, whole: dict[str, bytes]) -> None:
    """The next close of everything gives what an undisturbed one gives, and leaves nothing."""
    assert close("2020-03", mine / "book", mine / "home", "--through").code == 0
    assert contents(mine / "home" / "reports") == whole
    left = {path.name for path in (mine / "home" / "work").iterdir()}
    assert left <= {"book", "lock", "seals", "warehouse.duckdb", "spill"}
