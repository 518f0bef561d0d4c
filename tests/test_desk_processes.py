"""Dagster's history with several processes at it: the UI's, the daemon's, and those of runs."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from dagster._core.events import DagsterEvent
from dagster._core.events.log import EventLogEntry

from pipelines.orchestration.new_files import make_file
from pipelines.orchestration.open_events import OpenEvents
from pipelines.orchestration.open_files import OPEN_FILES, OpenFiles
from pipelines.orchestration.sqlite_history import SqliteHistory

RUN = "6f0d1a52-0000-4000-8000-000000000001"


SETTLES_AT_ONCE = """
import multiprocessing, pathlib, sys
from pipelines.orchestration.settings import settle_settings

def settle(gate, folders):
    for folder in folders:
        gate.wait(10)
        settle_settings(folder)

folders = [pathlib.Path(sys.argv[1], str(number)) for number in range(60)]
for folder in folders:
    folder.mkdir()
context = multiprocessing.get_context("fork")
gate = context.Barrier(2)
others = [context.Process(target=settle, args=(gate, folders)) for _ in range(2)]
for each in others:
    each.start()
for each in others:
    each.join()
    assert each.exitcode == 0
assert len({(folder / "dagster.yaml").read_text() for folder in folders}) == 1
assert all(len(list(folder.iterdir())) == 1 for folder in folders)
"""


def step_start(number: int) -> EventLogEntry:
    """An event of a run."""
    make: Any = EventLogEntry
    told = DagsterEvent("STEP_START", "close", step_key="a", message=str(number))
    entry: EventLogEntry = make(
        error_info=None, level=logging.INFO, user_message="", run_id=RUN,
        timestamp=1.6e9 + number, job_name="close", dagster_event=told,
    )  # fmt: skip
    return entry


def test_a_new_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        other.execute("begin immediate")
        later = Timer(0.2, other.rollback)
        later.start()
        assert make_file(path, "events")
        later.join()


def test_who_looks_at_a_run_is_told_its_events_as_they_are_stored(tmp_path: Path) -> None:
    page, run = OpenEvents(str(tmp_path)), OpenEvents(str(tmp_path))
    run.store_event(step_start(0))
    seen = page.get_records_for_run(RUN)
    assert len(seen.records) == 1
    told: list[str] = []
    page.watch(RUN, seen.cursor, lambda event, cursor: told.append(event.message))
    for number in (1, 2, 3):
        run.store_event(step_start(number))
    for _ in range(200):
        if len(told) == 3:
            break
        time.sleep(0.05)
    assert told == ["1", "2", "3"]
    page.dispose()
    run.dispose()


def test_a_history_that_was_wiped_goes_on(tmp_path: Path) -> None:
    events = OpenEvents(str(tmp_path))
    events.add_dynamic_partitions("month", ["2020-01"])
    assert events.has_dynamic_partition("month", "2020-01")
    for _ in range(2):
        events.store_event(step_start(1))
        assert len(OpenEvents(str(tmp_path)).get_records_for_run(RUN).records) == 1
        events.wipe()
        assert not events.get_records_for_run(RUN).records
        assert not events.has_dynamic_partition("month", "2020-01")
    events.dispose()


def test_a_month_that_another_process_took_away_is_gone(tmp_path: Path) -> None:
    ours, other = OpenEvents(str(tmp_path)), OpenEvents(str(tmp_path))
    ours.add_dynamic_partitions("month", ["2020-01"])
    assert other.has_dynamic_partition("month", "2020-01")
    ours.delete_dynamic_partition("month", "2020-01")
    assert not other.has_dynamic_partition("month", "2020-01")
    ours.dispose()
    other.dispose()


def test_a_file_in_work_is_not_closed_for_others(tmp_path: Path) -> None:
    files = OpenFiles()
    addresses = [f"sqlite:///{tmp_path}/{number}.db" for number in range(OPEN_FILES + 3)]
    for address in addresses:
        with files.plain(address) as con:
            con.execute("create table kept (name text)")
    with files.together():
        for address in addresses:
            with files.plain(address) as con:
                con.execute("insert into kept values ('a')")
    first, *others = addresses
    with files.connection(first) as outer:
        for address in others:
            with files.plain(address) as con:
                con.execute("insert into kept values ('b')")
        outer.exec_driver_sql("insert into kept values ('b')")
    for address in addresses:
        with files.plain(address) as con:
            assert con.execute("select * from kept").fetchall() == [("a",), ("b",)]
    files.close()


@pytest.mark.parametrize("name", ["a%20b", "a b#", "ä%"])
def test_a_home_of_any_name_has_a_history(tmp_path: Path, name: str) -> None:
    history = SqliteHistory(str(tmp_path / name))
    history.event_log_storage.store_event(step_start(1))
    assert len(history.event_log_storage.get_records_for_run(RUN).records) == 1
    assert not history.run_storage.get_runs()
    assert not history.schedule_storage.all_instigator_state()
    history.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_two_that_begin_at_once_settle_the_same_settings(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SETTLES_AT_ONCE, tmp_path], capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
