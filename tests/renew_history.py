"""Renews pipelines/orchestration/empty_history.json: Dagster's files before anything is in them.

    make history

To be run with each new version of Dagster.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipelines.orchestration.new_files import FILE

PARTS = {
    "runs": "history/runs.db", "events": "history/runs/index.db",
    "schedules": "schedules/schedules.db",
}  # fmt: skip
MIGRATED = "select name from secondary_indexes order by id"
MADE = "select sql from sqlite_master where sql is not null order by type desc, name"


def read_empty(folder: Path) -> dict[str, Any]:
    """What Dagster makes in an empty folder: each file's statements, and what is migrated."""
    DagsterSqliteStorage(str(folder)).dispose()
    told: dict[str, Any] = {}
    for part, name in PARTS.items():
        with closing(sqlite3.connect(folder / name)) as con:
            [(told["revision"],)] = con.execute("select version_num from alembic_version")
            told[part] = {
                "statements": [" ".join(sql.split()) for (sql,) in con.execute(MADE)],
                "migrated": [name for (name,) in con.execute(MIGRATED)],
            }
    return told


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(json.dumps(read_empty(Path(folder)), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
