"""The history in a PostgreSQL that is there: settings that stay, months noted and taken back.

Needs PostgreSQL's own programs (Debian's package postgresql).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from desk import checks_of, desk_of, follow, noted, run_job
from upline_command import upline

from pipelines.orchestration.settings import NAME, settle_settings

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
SETTINGS = """\
storage:
  postgres:
    postgres_url:
      env: UPLINE_TEST_HISTORY
"""
pytestmark = [
    pytest.mark.long,
    pytest.mark.exhaustive,
    pytest.mark.skipif(not PROGRAMS, reason="PostgreSQL is not installed"),
]


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database, reached by a socket alone."""
    folder = Path(tempfile.mkdtemp(prefix="upline-pg-"))
    as_user: list[str] = []
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    user = pwd.getpwuid(os.getuid()).pw_name if not as_user else "postgres"
    bin = PROGRAMS[-1].parent
    data, log = str(folder / "data"), str(folder / "log")

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(bin / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=120)

    run("initdb", "-D", data, "--auth=trust", "-U", user, "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        yield f"postgresql+psycopg2://{user}@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def test_the_history_can_be_kept_in_postgresql(
    mine: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mine / "history"
    folder.mkdir()
    (folder / NAME).write_text(SETTINGS)
    settle_settings(folder)
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    monkeypatch.setenv("UPLINE_TEST_HISTORY", database)
    desk = desk_of(mine)
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage).__name__ == "PostgresEventLogStorage"
        assert "2020-01 was closed by the command line" in follow(desk, instance)
        lines = noted(instance, "finance/reconciliation", "2020-01")
        assert lines is not None and lines["difference"] == 0
        assert checks_of(instance, "2020-01")["finance/reconciliation", "difference_is_zero"]
        assert run_job(desk, instance, "close", "2020-01", "finance/reconciliation").success
        assert noted(instance, "finance/reconciliation", "2020-01") == lines
        assert follow(desk, instance) == []
        assert upline("reopen", "2020-01", "--home", desk.home.folder, "--reason", "x").code == 0
        assert "2020-01 is open again" in follow(desk, instance)
        assert noted(instance, "month/seal", "2020-01") is None
        assert checks_of(instance, "2020-01") == {}
    assert not (folder / "history").exists() and (folder / NAME).is_file()
