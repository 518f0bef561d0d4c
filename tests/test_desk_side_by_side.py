"""A run takes steps at the same time, and tells of each what Dagster's own executor tells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from conftest import PROJECT
from dagster._core.events import DagsterEvent
from desk import desk_of, run_job, take_run
from upline_command import close, contents

from pipelines.closing.home import Home
from pipelines.closing.month_in_work import MonthInWork, open_month
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.orchestration.step_threads import StepThreads
from pipelines.rules.models import Model, read_models

pytestmark = pytest.mark.long

MONTH = "2020-02"
at_the_same_time = pytest.mark.skipif(
    duckdb.execute("select current_setting('threads')").fetchall() == [(1,)],
    reason="one processor takes one step after another",
)
# What a run is told to have cost, and where it was: no two runs are alike in that.
OF_THE_RUN = ("ENGINE_EVENT", "LOGS_CAPTURED", "RESOURCE_INIT_STARTED", "RESOURCE_INIT_SUCCESS")


def told(events: Sequence[DagsterEvent]) -> Counter[tuple[str, str | None]]:
    """How often each kind of event was told of each step."""
    return Counter(
        (event.event_type_value, event.step_key)
        for event in events if event.event_type_value not in OF_THE_RUN
    )  # fmt: skip


def copy(january: Path, folder: Path) -> Path:
    return Path(shutil.copytree(january, folder, symlinks=True))


@pytest.fixture(scope="module")
def february(
    january: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[DagsterEvent]]:
    """A folder whose February is closed by a run, and the run's events."""
    mine = copy(january, tmp_path_factory.mktemp("february") / "mine")
    with dg.DagsterInstance.ephemeral() as instance:
        status, events = take_run(desk_of(mine), instance, "close", MONTH)
    assert status == "SUCCESS"
    return mine, events


@pytest.mark.exhaustive
def test_its_bytes_are_those_of_the_command(
    february: tuple[Path, list[DagsterEvent]], january: Path, tmp_path: Path
) -> None:
    theirs = copy(january, tmp_path / "mine")
    assert close(MONTH, theirs / "book", theirs / "home").code == 0
    found, wanted = (contents(folder / "home" / "reports" / MONTH)
                     for folder in (february[0], theirs))  # fmt: skip
    assert found == wanted


def test_it_tells_of_each_step_what_dagsters_own_executor_tells(
    february: tuple[Path, list[DagsterEvent]], january: Path, tmp_path: Path
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_job(desk_of(copy(january, tmp_path / "mine")), instance, "close", MONTH)
    assert told(february[1]) == told(result.all_events)


def test_no_step_begins_before_what_it_reads_has_ended(
    february: tuple[Path, list[DagsterEvent]],
) -> None:
    kinds = [(event.event_type_value, event.step_key) for event in february[1]]
    begun = {step: at for at, (kind, step) in enumerate(kinds) if kind == "STEP_START"}
    ended = {step: at for at, (kind, step) in enumerate(kinds) if kind == "STEP_SUCCESS"}
    assert begun.keys() == ended.keys()
    for model in read_models():
        for table in [each for each in model.reads if each not in model.earlier]:
            schema, name = table.split(".")
            read = "book__policy" if schema == "book" else (
                f"{'extracts' if schema == 'drops' else schema}__{name}"
            )  # fmt: skip
            assert ended[read] < begun[model.table.replace(".", "__")], (model.table, table)


@at_the_same_time
def test_steps_are_taken_at_the_same_time_and_those_of_the_whole_month_alone(
    february: tuple[Path, list[DagsterEvent]],
) -> None:
    at_once, beside_book, alone = set(), 0, {"month__reports", "month__seal"}
    for event in february[1]:
        if event.event_type_value == "STEP_START":
            at_once.add(event.step_key)
        elif event.event_type_value == "STEP_SUCCESS":
            at_once.discard(event.step_key)
        if "book__policy" in at_once:
            beside_book = max(beside_book, len(at_once) - 1)
        assert len(at_once) <= 1 or not at_once & alone
    assert beside_book > 0


def test_where_one_stops_the_others_go_on_and_what_needs_it_stands_still(
    january: Path, tmp_path: Path
) -> None:
    """As with Dagster's own executor, to which every event is compared."""
    found = []
    for name in ("theirs", "ours"):
        folder = copy(january, tmp_path / name)
        orders = folder / "book" / MONTH / "orders.csv"
        header, row, *_ = orders.read_text().splitlines()
        bad = [row.replace("2020-02-10T", "soon ").replace("O2,", f"O{number},", 1)
               for number in range(10, 30)]  # fmt: skip
        orders.write_text("\n".join([header, *bad]) + "\n")
        with dg.DagsterInstance.ephemeral() as instance:
            if name == "ours":
                status, events = take_run(desk_of(folder), instance, "close", MONTH)
                assert status == "FAILURE"
            else:
                events = list(run_job(desk_of(folder), instance, "close", MONTH).all_events)
        found.append(told(events))
        assert not (folder / "home" / "reports" / MONTH).exists()
    assert found[0] == found[1]
    assert found[1]["STEP_FAILURE", "extracts__orders"] == 1
    assert found[1]["STEP_SUCCESS", "extracts__leads"] == 1


@pytest.mark.exhaustive
def test_a_seal_taken_beside_a_table_that_it_does_not_need_is_taken_alone(
    january: Path, tmp_path: Path
) -> None:
    mine = copy(january, tmp_path / "mine")
    every = [f"extracts/{table}" for table in SHAPES]
    tables = [each.table.replace(".", "/") for each in read_models()]
    with dg.DagsterInstance.ephemeral() as instance:
        for assets in ([*every, "book/policy", *tables, "month/reports"],
                       ["leaders/calls", "leaders/contacts", "month/seal"]):  # fmt: skip
            status, _ = take_run(desk_of(mine), instance, "close", MONTH, *assets)
            assert status == "SUCCESS"
    assert (mine / "home" / "reports" / MONTH / "seal.json").is_file()


@at_the_same_time
def test_what_is_being_made_ends_with_the_run_and_what_waits_is_never_begun(
    january: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = copy(january, tmp_path / "mine")
    home, models = Home(mine / "home"), read_models()
    made: list[str] = []

    def make(work: MonthInWork, model: Model, values: dict[str, Any]) -> int:
        made.append(model.table)
        for _ in range(3):  # each statement has to be interrupted
            with suppress(duckdb.InterruptException):
                work.con.execute("select sum(a.range) from range(1000000000) a, range(1000000) b")
        return 0

    monkeypatch.setattr(MonthInWork, "make", make)
    with open_month(home, mine / "book", Month(MONTH), models, home.working_file, False) as work:
        threads = StepThreads(work)
        begun = [threads.begin(each.table, dict) for each in models[: 2 * threads.at_once]]
        while len(made) < threads.at_once - 1:
            time.sleep(0.01)
        threads.close()
        assert all(each is not None and each.done() for each in begun)
        assert len(made) < len(begun) and threads.begin(models[0].table, dict) is None


TERMINATED = """
import os, signal, sys, threading
from pathlib import Path
import dagster as dg
from desk import desk_of, take_run
from pipelines.closing.month_in_work import MonthInWork

made = MonthInWork.make

def terminate():
    instance.report_run_canceling(instance.get_runs()[0])
    os.kill(os.getpid(), signal.SIGTERM)

def make(self, model, values):
    if model.table == "finance.holders":
        threading.Timer(1, terminate).start()
        self.con.execute("select sum(a.range) from range(1000000000) as a, range(1000000) as b")
    return made(self, model, values)

MonthInWork.make = make
with dg.DagsterInstance.ephemeral() as instance:
    status, events = take_run(desk_of(Path(sys.argv[1])), instance, "close", "2020-02")
    failed = [each.step_key for each in events if each.event_type_value == "STEP_FAILURE"]
    print(status, *sorted(failed))
"""


def test_a_run_that_is_terminated_ends_at_once_and_leaves_the_home_to_others(
    january: Path, tmp_path: Path
) -> None:
    mine = copy(january, tmp_path / "mine")
    environment = os.environ | {"PYTHONPATH": f"{PROJECT / 'tests'}{os.pathsep}{PROJECT}"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TERMINATED, mine], env=environment,
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    status, *failed = done.stdout.split()
    assert status == "CANCELED" and "finance__holders" in failed
    assert close(MONTH, mine / "book", mine / "home").code == 0
