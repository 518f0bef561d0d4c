"""Every rule's cases once more, the rule itself on Spark.

What a case's table reads is worked out in DuckDB and put where Spark reads it; the table, its step
and its check are Spark's. So each rule is held to what its cases expect, on both engines.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from spark_server import PROJECT, SPARK, needs_spark, started_server

pytestmark = [pytest.mark.spark, pytest.mark.long, pytest.mark.exhaustive, needs_spark]


def test_every_case_holds_on_spark(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "tests"), str(SPARK)])
    with started_server("local[2]", tmp_path / "server") as server:
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "cases_on_spark", server.remote, tmp_path],
            env=dict(os.environ) | {"PYTHONPATH": paths},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert told.returncode == 0, told.stdout[-4000:] + told.stderr[-4000:]
    assert "0 differ" in told.stdout
