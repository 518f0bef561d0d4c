"""Dagster closes a month of a home that remembers Spark, whose months DuckDB had closed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import close_quietly
from small_book import drop, row, write_book, write_files
from spark_server import PROJECT, SPARK, needs_spark, started_server
from test_golden import texts
from test_spark_deaths import POLICY

pytestmark = [pytest.mark.spark, pytest.mark.longest, needs_spark]
RUN = """
import sys
from pathlib import Path
import dagster as dg
from desk import desk_of, run_job
with dg.DagsterInstance.ephemeral() as instance:
    done = run_job(desk_of(Path(sys.argv[1])), instance, "close", "2020-02")
    print(done.success)
"""


def test_a_run_uses_the_homes_engine(tmp_path: Path) -> None:
    book, home, warehouse = (tmp_path / name for name in ("book", "home", "tables"))
    members = [row("members"), row("members", member_id="M2", sponsor_id="M1")]
    write_book(book, drop(members=members, orders=[row("orders")]), policy=POLICY)
    write_files(book / "2020-02", drop(members=members))
    close_quietly(book, home, "2020-01")
    shutil.copytree(home, tmp_path / "on-duck", symlinks=True)
    close_quietly(book, tmp_path / "on-duck", "2020-02")
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "tests"), str(SPARK)])
    with started_server("local[2]", tmp_path / "server") as server:
        note = {"remote": server.remote, "warehouse": str(warehouse)}
        (home / "work" / "engine.json").write_text(json.dumps(note))
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", RUN, tmp_path],
            env=dict(os.environ) | {"PYTHONPATH": paths},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert told.stdout.split()[-1:] == ["True"], told.stdout[-2000:] + told.stderr[-4000:]
    month = "2020-02"
    assert texts(home / "reports" / month) == texts(tmp_path / "on-duck" / "reports" / month)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        [(directory,)] = con.execute(
            "select min(directory) from book.files where \"table\" = 'finance.bv_ledger'"
        ).fetchall()
    assert directory.startswith(str(warehouse))
    assert "token" not in (home / "work" / "engine.json").read_text()
