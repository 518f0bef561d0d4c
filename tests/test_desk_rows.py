"""The rows of Dagster's history, written our way, are those that Dagster writes itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.compute_log_manager import ComputeIOType
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import deserialize_value
from desk import desk_of, key_of, run_job
from renew_history import PARTS, read_empty

from pipelines.orchestration.new_files import FILE, make_file
from pipelines.orchestration.open_events import OpenEvents
from pipelines.orchestration.open_files import OpenFiles
from pipelines.orchestration.run_output import RunOutput
from pipelines.orchestration.settings import settle_settings
from pipelines.orchestration.sqlite_history import OpenRuns, SqliteHistory

pytestmark = pytest.mark.long
ORDERS, LEADS = "extracts/orders", "extracts/leads"
ASSETS = ("extracts/members", ORDERS, LEADS, "book/policy", "referral/assignments")
# Columns that say when a row was put in.
WHEN = ("create_timestamp", "migration_completed")
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(path: Path) -> Rows:
    """Every row of a file by table, without when it was put in."""
    tables = "select name from sqlite_master where type = 'table' order by name"
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        return {
            name: [
                tuple(row[column] for column in row.keys() if column not in WHEN)  # noqa: SIM118
                for row in con.execute(f"select * from {name} order by 1")
            ]
            for name in [row["name"] for row in con.execute(tables)]
        }  # fmt: skip


@pytest.fixture(scope="module")
def history(january: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A history of a run, one of whose rules stopped, and of events of no run."""
    folder = tmp_path_factory.mktemp("history")
    mine = Path(shutil.copytree(january, folder / "mine", symlinks=True))
    settle_settings(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(folder))
        with dg.DagsterInstance.get() as instance:
            instance.report_runless_asset_event(
                dg.AssetMaterialization(key_of(ORDERS), partition="2020-01", metadata={"rows": 7})
            )
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(key_of(ORDERS), "own", True, {}, partition="2020-01")
            )
            assert not run_job(desk_of(mine), instance, "close", "2020-02", *ASSETS).success
    yield folder / "history" / "runs"


def events_in(folder: Path) -> list[EventLogEntry]:
    """The events of every run, and of none, in their order."""
    found = []
    for path in sorted(folder.glob("*.db")):
        if path.name != "index.db":
            found += [row[2] for row in rows_of(path)["event_logs"]]
    return [deserialize_value(text, EventLogEntry) for text in found]


@pytest.fixture(scope="module")
def both(
    history: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[OpenEvents, SqliteEventLogStorage]:
    """The same events stored by us and by Dagster."""
    ours = OpenEvents(str(tmp_path_factory.mktemp("ours")))
    theirs = SqliteEventLogStorage(str(tmp_path_factory.mktemp("theirs")))
    for event in events_in(history):
        ours.store_event(event)
        theirs.store_event(event)
    return ours, theirs


def test_every_row_is_as_dagster_writes_it(
    both: tuple[OpenEvents, SqliteEventLogStorage],
) -> None:
    ours, theirs = (Path(each._base_dir) for each in both)
    names = sorted(path.name for path in theirs.glob("*.db"))
    assert names == sorted(path.name for path in ours.glob("*.db")) and len(names) == 3
    kinds = set()
    for name in names:
        written, expected = rows_of(ours / name), rows_of(theirs / name)
        assert written == expected
        kinds |= {row[3] for row in written["event_logs"]}
    index = rows_of(ours / "index.db")
    assert index["asset_check_executions"] and index["asset_event_tags"] and index["asset_keys"]
    assert kinds >= {
        "ASSET_CHECK_EVALUATION", "ASSET_CHECK_EVALUATION_PLANNED", "ASSET_MATERIALIZATION",
        "ASSET_MATERIALIZATION_PLANNED", "ASSET_OBSERVATION", "PIPELINE_FAILURE", "STEP_FAILURE",
        "STEP_OUTPUT", None,
    }  # fmt: skip


def test_the_last_event_of_a_month_is_the_one_that_dagster_finds(
    both: tuple[OpenEvents, SqliteEventLogStorage],
) -> None:
    ours, theirs = both
    again = OpenEvents(ours._base_dir)  # of another process, which has stored nothing
    for asset in (ORDERS, LEADS, "referral/assignments"):
        for month in ("2020-01", "2020-02", "2020-03"):
            asked = dg.AssetRecordsFilter(key_of(asset), asset_partitions=[month])
            expected = theirs.fetch_materializations(asked, limit=1)
            assert ours.fetch_materializations(asked, limit=1) == expected
            assert again.fetch_materializations(asked, limit=1) == expected
        other = dg.AssetRecordsFilter(key_of(asset), asset_partitions=["2020-01", "2020-02"])
        assert ours.fetch_materializations(other, limit=1) == theirs.fetch_materializations(
            other, limit=1
        )
    found = ours.fetch_materializations(asked, limit=1)
    assert not found.records


def test_what_is_known_of_assets_is_what_dagster_knows(
    both: tuple[OpenEvents, SqliteEventLogStorage],
) -> None:
    ours, theirs = both
    keys = [key_of(asset) for asset in (*ASSETS, "month/seal")]
    assert [*ours.get_asset_records(keys)] == [*theirs.get_asset_records(keys)]
    again = OpenEvents(ours._base_dir)
    assert [*again.get_asset_records(keys)] == [*theirs.get_asset_records(keys)]
    assert len(again.get_asset_records()) == len(theirs.get_asset_records()) > 3


def test_a_new_history_is_as_dagster_makes_it(tmp_path: Path) -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == read_empty(tmp_path / "read")
    SqliteHistory(str(tmp_path / "ours")).dispose()
    DagsterSqliteStorage(str(tmp_path / "theirs")).dispose()
    for name in PARTS.values():
        assert rows_of(tmp_path / "ours" / name) == rows_of(tmp_path / "theirs" / name)
        with closing(sqlite3.connect(tmp_path / "ours" / name)) as con:
            assert con.execute("pragma journal_mode").fetchone() == ("wal",)
    DagsterSqliteStorage(str(tmp_path / "ours")).dispose()  # which finds nothing to do


def test_a_file_of_an_older_version_is_left_to_dagster(tmp_path: Path) -> None:
    assert make_file(tmp_path / "new.db", "events") and make_file(tmp_path / "new.db", "events")
    before = rows_of(tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as con:
        con.execute("drop table alembic_version")
        con.execute("create table something_old (id integer)")
        con.commit()
    assert not make_file(tmp_path / "new.db", "events")
    assert "alembic_version" in before and "alembic_version" not in rows_of(tmp_path / "new.db")
    for folder in ("runs", "schedules"):
        place = tmp_path / "home" / ("history" if folder == "runs" else folder)
        place.mkdir(parents=True)
        with closing(sqlite3.connect(place / f"{folder}.db")) as con:
            con.execute("create table something_old (id integer)")
            con.commit()
    SqliteHistory(str(tmp_path / "home")).dispose()
    assert rows_of(tmp_path / "home/history/runs.db")["alembic_version"]
    assert rows_of(tmp_path / "home/schedules/schedules.db")["alembic_version"]


def test_a_plan_is_kept_under_the_id_that_dagster_gives_it(history: Path, tmp_path: Path) -> None:
    kept = SqliteRunStorage.from_local(str(history.parent))
    [run] = kept.get_runs()
    assert run.execution_plan_snapshot_id is not None
    plan = kept.get_execution_plan_snapshot(run.execution_plan_snapshot_id)
    SqliteHistory(str(tmp_path)).dispose()
    ours = OpenRuns(f"sqlite:///{tmp_path}/history/runs.db")
    assert not ours.has_execution_plan_snapshot(run.execution_plan_snapshot_id)
    for _ in range(2):
        assert ours.add_execution_plan_snapshot(plan) == run.execution_plan_snapshot_id
    assert ours.has_execution_plan_snapshot(run.execution_plan_snapshot_id)
    assert ours.get_execution_plan_snapshot(run.execution_plan_snapshot_id) == plan
    theirs = SqliteRunStorage.from_local(str(tmp_path / "theirs"))
    assert theirs.add_execution_plan_snapshot(plan) == run.execution_plan_snapshot_id
    ours.dispose()


def test_what_a_run_prints_is_kept_where_dagster_looks_for_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = RunOutput.from_config_value(None, {"base_dir": str(tmp_path)})
    with output.capture_logs(["a", "compute_logs", "b"]):
        print("told")
        print("trouble", file=sys.stderr)
        assert not output.is_capture_complete(["a", "compute_logs", "b"])
    print("afterwards")
    assert output.is_capture_complete(["a", "compute_logs", "b"])
    found = output.get_log_data(["a", "compute_logs", "b"])
    assert (found.stdout, found.stderr) == (b"told\n", b"trouble\n")
    path = tmp_path / "storage" / "a" / "compute_logs" / "b.err"
    assert path.read_text() == "trouble\n"
    assert output.get_captured_local_path(["a", "compute_logs", "b"], "err") == str(path)
    assert ComputeIOType.STDERR and capfd.readouterr().out == "afterwards\n"


def test_what_fails_in_the_middle_leaves_nothing_and_the_file_goes_on(tmp_path: Path) -> None:
    files, path = OpenFiles(), tmp_path / "one.db"
    address = f"sqlite:///{path}"
    with files.plain(address) as con:
        con.execute("create table kept (name text)")
    with pytest.raises(ZeroDivisionError), files.plain(address) as con:
        con.execute("insert into kept values ('lost')")
        with files.connection(address) as same:
            same.exec_driver_sql("insert into kept values ('lost too')")
        raise ZeroDivisionError
    assert rows_of(path) == {"kept": []}
    with files.plain(address) as con:
        con.execute("insert into kept values ('a')")
        with files.connection(address) as same:
            same.exec_driver_sql("insert into kept values ('b')")
        assert rows_of(path) == {"kept": []}  # another connection sees nothing of it yet
    with files.together(), files.plain(address) as con:
        con.execute("insert into kept values ('c')")
        with files.plain(address) as again:
            assert again is con
    assert rows_of(path) == {"kept": [("a",), ("b",), ("c",)]}
    files.close()
