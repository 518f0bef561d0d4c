"""Drops loaded on Spark: the same rows, quarantine and sentences as on DuckDB, whatever is wrong.

The books, and how they are compared, are in `loads_on_spark`. What becomes of the
sample's drops in a close is in `test_spark`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from spark_server import PROJECT, SPARK, needs_spark, started_server

pytestmark = [pytest.mark.spark, pytest.mark.long, pytest.mark.exhaustive, needs_spark]


def told_of_loads(folder: Path, *seeds: str) -> str:
    """What the process says; it must find nothing that differs."""
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "tests"), str(SPARK)])
    with started_server("local[2]", folder / "server") as server:
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "loads_on_spark", server.remote, folder, *seeds],
            env=dict(os.environ) | {"PYTHONPATH": paths},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stdout[-4000:] + told.stderr[-4000:]
    return told.stdout


def test_spoiled_drops_are_loaded_and_listed_as_by_duckdb(tmp_path: Path) -> None:
    assert "9 loads, 0 differ" in told_of_loads(tmp_path)


@pytest.mark.longest
def test_wild_drops_are_loaded_and_listed_as_by_duckdb(tmp_path: Path) -> None:
    assert "12 loads, 0 differ" in told_of_loads(tmp_path, "1", "2", "3")
