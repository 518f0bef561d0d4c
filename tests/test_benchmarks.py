"""The guard notices a ratio above its limit; `make bench-guard` measures, which takes minutes."""

from __future__ import annotations

from benchmarks import guard


def test_a_ratio_above_its_limit_is_named() -> None:
    assert guard.judge({"a": 2.0, "b": 1.0}, {"a": 1.5, "b": 1.0}) == [
        "a is 2.00, its limit is 1.50"
    ]
