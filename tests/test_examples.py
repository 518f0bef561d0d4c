"""Every CSV of the contract's worked examples, byte for byte, and none that is not expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import EXAMPLES


def tables(folder: Path) -> dict[str, bytes]:
    """The CSV files of all months by path, leaders' own apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.csv"))
        if "leaders" not in path.parts
    }


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_every_csv_is_the_expected_one(name: str, closed_example: Callable[[str], Path]) -> None:
    told = tables(EXAMPLES / name / "expected")
    found = tables(closed_example(name) / "reports")
    assert sorted(told) == sorted(found)
    assert [path for path in told if told[path] != found[path]] == []
