"""Dagster's history in its usual SQLite files, written fast: `storage` of the dagster.yaml we ship.

Belongs here: which storages make up the history. What the files hold is Dagster's own form, so that
it can read them without this module.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.snap import ExecutionPlanSnapshot
from dagster._core.storage.runs.sql_run_storage import SnapshotType
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import serialize_value
from dagster_shared.serdes.utils import hash_str
from sqlalchemy.engine import Connection

from pipelines.orchestration.new_files import make_file
from pipelines.orchestration.open_events import OpenEvents
from pipelines.orchestration.open_files import OpenFiles, address_of

PLAN = """
    insert into snapshots (snapshot_id, snapshot_body, snapshot_type) values (?, ?, ?)
    on conflict (snapshot_id) do nothing
"""


class OpenRuns(SqliteRunStorage):
    """The runs, in a file that stays open."""

    def __init__(self, conn_string: str, inst_data: Any = None) -> None:
        self._files = OpenFiles()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction."""
        with self._files.connection(self._conn_string) as con:
            yield con

    def has_execution_plan_snapshot(self, execution_plan_snapshot_id: str) -> bool:
        """Whether a plan is kept; Dagster reads all of it to know that."""
        return self._has_snapshot_id(execution_plan_snapshot_id)

    def add_execution_plan_snapshot(self, execution_plan_snapshot: ExecutionPlanSnapshot) -> str:
        """Keep a plan; out: its id. It is put into text once, which takes longer than all else."""
        text = serialize_value(execution_plan_snapshot)
        row = hash_str(text), zlib.compress(text.encode()), SnapshotType.EXECUTION_PLAN.value
        with self.connect() as con:
            con.exec_driver_sql(PLAN, row)
        return row[0]

    def dispose(self) -> None:
        """Close it."""
        self._files.close()


class SqliteHistory(DagsterSqliteStorage):
    """All of Dagster's history, where Dagster keeps it by default."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        folder = Path(base_dir)
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._event_log_storage = OpenEvents(f"{folder / 'history' / 'runs'}/")
        self._run_storage = _runs(folder / "history")
        self._schedule_storage = _schedules(folder / "schedules")

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> SqliteHistory:
        """The storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)


def _runs(folder: Path) -> OpenRuns:
    path = folder / "runs.db"
    if make_file(path, "runs"):
        return OpenRuns(address_of(path))
    return OpenRuns.from_local(f"{folder}/")


def _schedules(folder: Path) -> SqliteScheduleStorage:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "schedules.db"
    if make_file(path, "schedules"):
        return SqliteScheduleStorage(address_of(path))
    return SqliteScheduleStorage.from_local(str(folder))
