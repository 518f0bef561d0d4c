"""Every CSV of the contract's worked examples, byte for byte, and none that is not expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import close_quietly

EXAMPLES = Path(__file__).parent / "examples"


def tables(folder: Path) -> dict[str, bytes]:
    """The CSV files of all months by path, leaders' own apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.csv"))
        if "leaders" not in path.parts
    }


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_every_csv_is_the_expected_one(name: str, tmp_path: Path) -> None:
    expected = EXAMPLES / name / "expected"
    last = max(path.name for path in expected.iterdir())
    close_quietly(EXAMPLES / name / "book", tmp_path / "home", last)
    told, found = tables(expected), tables(tmp_path / "home" / "reports")
    assert sorted(told) == sorted(found)
    assert [path for path in told if told[path] != found[path]] == []
