"""Dagster's history in its usual SQLite files, written fast: `storage` of the dagster.yaml we ship.

Belongs here: which storages make up the history. What the files hold is Dagster's own form, so that
it can read them without this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy.engine import Connection

from pipelines.orchestration.open_events import OpenEvents
from pipelines.orchestration.open_files import OpenFiles


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

    def dispose(self) -> None:
        """Close it."""
        self._files.close()


class SqliteHistory(DagsterSqliteStorage):
    """All of Dagster's history, where Dagster keeps it by default."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        folder = Path(base_dir)
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._run_storage = OpenRuns.from_local(f"{folder / 'history'}/")
        self._event_log_storage = OpenEvents(f"{folder / 'history' / 'runs'}/")
        self._schedule_storage = SqliteScheduleStorage.from_local(str(folder / "schedules"))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> SqliteHistory:
        """The storage that dagster.yaml describes."""
        return cls(inst_data=inst_data, **config_value)
