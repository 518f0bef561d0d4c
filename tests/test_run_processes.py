"""A run's process: a copy of one that has read the program, known by its name, and of one program.

Belongs here: how it begins. That the UI's runs are such processes is in `test_desk_processes`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from desk import desk_of, take_run
from upline_command import contents

from pipelines.closing import versions
from pipelines.orchestration.stops import read_stop
from pipelines.stop import Stop

pytestmark = pytest.mark.long

# Begins two runs' processes, and tells what it saw of them.
BEGIN = """
import os, sys, time
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
    for run in runs:
        run.kill()
        run.join()
    assert [run.exitcode for run in runs] == [-9, -9]
    assert find_workers(Path(os.environ["DAGSTER_HOME"])) == set()
"""
THREADS = """
import os
from pathlib import Path
import pipelines.orchestration.read_ahead
print(*((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()
        if task.name != str(os.getpid())))
"""
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
            assert take_run(desk, instance, job, "2020-02")[0] == "FAILURE"
    assert contents(desk.home.folder) == before
