"""Every CSV of the contract's worked examples, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import close_quietly

BOOKS = {"plain": "2020-04", "messy": "2020-05", "deep": "2020-05"}


@pytest.mark.parametrize("name", BOOKS)
def test_every_csv_is_the_expected_one(name: str, examples: Path, tmp_path: Path) -> None:
    close_quietly(examples / name / "book", tmp_path / "home", BOOKS[name])
    expected = examples / name / "expected"
    wrong = [
        path.relative_to(expected).as_posix()
        for path in sorted(expected.rglob("*.csv"))
        if not _same(path, tmp_path / "home" / "reports" / path.relative_to(expected))
    ]
    assert wrong == []


def _same(expected: Path, found: Path) -> bool:
    return found.is_file() and found.read_bytes() == expected.read_bytes()
