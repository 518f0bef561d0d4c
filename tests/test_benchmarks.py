"""The ratios of the benchmarks stay within their limits, and the guard notices when they do not."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import guard

UPLINE = Path(sys.executable).with_name("upline")


def limits() -> dict[str, float]:
    found: dict[str, float] = tomllib.loads(guard.LIMITS.read_text())["limits"]
    return found


def test_a_ratio_above_its_limit_is_named() -> None:
    assert guard.judge({"a": 2.0, "b": 1.0}, {"a": 1.5, "b": 1.0}) == [
        "a is 2.00, its limit is 1.50"
    ]


@pytest.mark.long
def test_a_close_stays_near_the_floor_and_grows_with_its_month(tmp_path: Path) -> None:
    found = guard.measure(tmp_path / "guard", str(UPLINE), runs=3)
    assert found.keys() == limits().keys()
    assert guard.judge(found, limits()) == []
