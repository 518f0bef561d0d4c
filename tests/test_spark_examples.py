"""The contract's worked examples and the real shop's first months, their rules on Spark.

Every CSV is the expected one, byte for byte, and none is there that is not expected. In CI the
first month of one; all months of all, and the shop's, by `make test-spark`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import EXAMPLES, PROJECT, close_quietly
from spark_server import Server, needs_spark, start_with_spark, started_server
from test_examples import tables
from upline_command import finish

pytestmark = [pytest.mark.spark, pytest.mark.long, pytest.mark.exhaustive, needs_spark]
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
# Its drops are spoiled in many ways.
IN_CI = ("messy",)
# Five months, on a machine that has other work.
SECONDS = 3_600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started_server("local[2]", tmp_path_factory.mktemp("spark") / "server") as found:
        yield found


def close_on(server: Server, book: Path, folder: Path, month: str) -> Path:
    """Close every month up to one; out: the reports."""
    process = start_with_spark(
        "close", month, "--through", "--book", book, "--home", folder / "home",
        "--engine", "spark", "--remote", server.remote, "--warehouse", folder / "tables",
    )  # fmt: skip
    told = finish(process, SECONDS)
    assert told.code == 0, told.err
    return folder / "home" / "reports"


def different(told: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    assert sorted(told) == sorted(found)
    return [path for path in told if told[path] != found[path]]


@pytest.mark.parametrize("name", IN_CI)
def test_an_examples_first_month_is_the_expected_one(
    name: str, server: Server, tmp_path: Path
) -> None:
    found = tables(close_on(server, EXAMPLES / name / "book", tmp_path, "2020-01"))
    told = tables(EXAMPLES / name / "expected")
    assert different({path: told[path] for path in told if path < "2020-02"}, found) == []


@pytest.mark.longest
@pytest.mark.parametrize("name", NAMES)
def test_every_month_of_an_example_is_the_expected_one(
    name: str, server: Server, tmp_path: Path
) -> None:
    expected = EXAMPLES / name / "expected"
    last = max(path.name for path in expected.iterdir())
    found = tables(close_on(server, EXAMPLES / name / "book", tmp_path, last))
    assert different(tables(expected), found) == []


@pytest.mark.longest
def test_the_real_shops_first_months_are_those_of_duckdb(server: Server, tmp_path: Path) -> None:
    converter = PROJECT / "data" / "shop" / "convert.py"
    subprocess.run([sys.executable, str(converter), "--to", str(tmp_path / "book")], check=True)
    found = close_on(server, tmp_path / "book", tmp_path / "spark", "2011-01")
    close_quietly(tmp_path / "book", tmp_path / "duck", "2011-01")
    assert different(tables(tmp_path / "duck" / "reports"), tables(found)) == []
