"""A run's process: a copy of one that has read the program, known by its name, and of one program.

Belongs here: how it begins, and a month that is closed by one as the UI's queue begins it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from conftest import PROJECT
from desk import desk_of, take_run
from upline_command import close, contents

from pipelines.closing import versions
from pipelines.orchestration.run_processes import is_run
from pipelines.orchestration.stops import read_stop
from pipelines.orchestration.unfinished import find_workers
from pipelines.stop import Stop

pytestmark = pytest.mark.long

# Begins two runs' processes, and one more where the process that they are copies of was killed.
BEGIN = """
import os, signal, sys, time
from multiprocessing import forkserver
from pathlib import Path
from pipelines.orchestration.run_processes import RunContext, read_ahead
from pipelines.orchestration.unfinished import find_workers

def work(told):
    told.put((os.getpid(), sorted(sys.modules)))
    time.sleep(60)

if __name__ == "__main__":
    read_ahead()
    context = RunContext()
    told = context.Queue()
    runs = [context.Process(target=work, args=[told]) for _ in range(2)]
    for run in runs:
        run.start()
    said = [told.get() for _ in runs]
    assert {pid for pid, _ in said} == {run.pid for run in runs}
    assert find_workers(Path(os.environ["DAGSTER_HOME"])) == {run.pid for run in runs}
    assert find_workers(Path("/another")) == set()
    for _, read in said:
        assert "pipelines.orchestration.executor" in read
        assert "pipelines.orchestration.definitions" not in read
    runs[0].kill()
    runs[0].join()
    assert (runs[0].exitcode, runs[1].is_alive()) == (-9, True)
    copied = forkserver._forkserver._forkserver_pid
    os.kill(copied, signal.SIGKILL)
    os.waitid(os.P_PID, copied, os.WEXITED | os.WNOWAIT)
    assert runs[1].is_alive()
    os.kill(runs[1].pid, signal.SIGKILL)
    while runs[1].is_alive():
        time.sleep(0.01)
    told = context.Queue()  # who was killed may have held the other
    after = context.Process(target=told.put, args=["begun anew"])
    after.start()
    after.join()
    assert (after.exitcode, told.get()) == (0, "begun anew")
    assert find_workers(Path(os.environ["DAGSTER_HOME"])) == set()
"""
THREADS = """
import os
from pathlib import Path
import pipelines.orchestration.read_ahead
print(*((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()
        if task.name != str(os.getpid())))
"""
MONTH = "2020-02"
# The memory of polars is tidied by a thread that knows of forks.
KNOWS_FORKS = {"jemalloc_bg_thd"}


def python(code: str, folder: Path) -> str:
    script = folder / "begun.py"
    script.write_text(code, encoding="utf-8")
    environment = os.environ | {"DAGSTER_HOME": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    for name in ("UPLINE_BOOK", "UPLINE_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script], env=environment, text=True, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_runs_are_copies_of_a_process_that_has_read_the_program_and_are_known(
    tmp_path: Path,
) -> None:
    assert python(BEGIN, tmp_path) == ""


def test_what_is_read_ahead_begins_no_thread_that_a_copy_would_lack(tmp_path: Path) -> None:
    assert set(python(THREADS, tmp_path).split()) <= KNOWS_FORKS


def parent_of(pid: int) -> int | None:
    """A process's parent; None where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def test_a_month_launched_as_the_ui_does_is_closed_by_a_copy(january: Path, tmp_path: Path) -> None:
    mine = Path(shutil.copytree(january, tmp_path / "mine", symlinks=True))
    book, home = mine / "book", mine / "home"
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.dagster_close",
         "--book", book, "--home", home, "--month", MONTH],
        cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as launched:  # fmt: skip
        copies: set[int] = set()
        while launched.poll() is None:
            workers = find_workers(home / "dagster")
            # What a copy starts is called as it is until it is another program.
            for pid in sorted(workers):
                if is_run(Path(f"/proc/{pid}")) and parent_of(pid) not in {None, *copies}:
                    copies.add(pid)
            time.sleep(0.02)
        said, errors = launched.communicate()
    assert launched.returncode == 0, errors
    assert json.loads(said)["seconds"] > 0
    assert len(copies) == 1
    by_command = Path(shutil.copytree(january, tmp_path / "other", symlinks=True))
    close(MONTH, by_command / "book", by_command / "home")
    assert contents(home / "reports" / MONTH) == contents(by_command / "home" / "reports" / MONTH)


def test_a_program_that_was_changed_under_a_process_computes_nothing(
    january: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions.check_program()
    monkeypatch.setattr(versions, "digest_folders", lambda *folders: "another")
    with pytest.raises(Stop, match="the program was changed") as stopped:
        versions.check_program()
    assert read_stop(str(stopped.value)).advice == (
        "end the UI and start it again, then run this again"
    )
    desk = desk_of(Path(shutil.copytree(january, tmp_path / "mine", symlinks=True)))
    before = contents(desk.home.folder)
    with dg.DagsterInstance.ephemeral() as instance:
        for job in ("close", "trial"):
            assert take_run(desk, instance, job, MONTH)[0] == "FAILURE"
    assert contents(desk.home.folder) == before
