"""A run's events told to whoever looks at its page, as they are stored.

Belongs here: what tells that there are new ones. Dagster waits until a run's file changes, which a
file that stays open does once in thousands of events: each goes into the log beside it first.
"""

from __future__ import annotations

from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
)
from watchdog.events import FileSystemEvent


class WatchedRun(SqliteEventLogStorageWatchdog):
    """Calls back with a run's new events whenever its file or the log beside it changes."""

    def __init__(
        self,
        storage: SqliteEventLogStorage,
        run_id: str,
        callback: EventHandlerFn,
        cursor: str | None,
    ) -> None:
        super().__init__(storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:
        """Tell what is new."""
        self._process_log()
