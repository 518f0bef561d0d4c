"""Small inputs that people really have, each with what is right for it (tests/found/README.md).

One row a folder in `FOUND`: its command, the exit code, what must be said, or that every CSV is the
expected one. A row is all that a new input needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from test_examples import tables
from upline_command import contents, upline

FOLDERS = Path(__file__).parent / "found"


@dataclass(frozen=True)
class Found:
    """One input: `told` is what the messages must contain, each of them."""

    folder: str
    command: str
    code: int = 0
    told: tuple[str, ...] = ()
    is_expected: bool = False


FOUND = (
    # Rules.
    Found("tie_transfers_date_only", "close 2024-02 --through", is_expected=True),
    Found("refund_midnight_same_day", "close 2024-01", is_expected=True),
    Found("returns_thirds", "close 2024-01", is_expected=True),
    Found("refund_no_bv", "close 2024-01", is_expected=True),
    Found(
        "first_drop_without_history",
        "close 2024-01",
        code=2,
        told=("31 of 31 members would be newly flagged", "max_flagged_share = 0.25", "orders"),
    ),
)


@pytest.mark.long
@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.folder} {found.command}")
def test_found_input(found: Found, tmp_path: Path) -> None:
    home = tmp_path / "home"
    where: list[str | Path] = ["--book", FOLDERS / found.folder / "book"]
    where += ["--home", home] if not found.command.startswith("check") else []
    outcome = upline(*found.command.split(), *where)
    assert outcome.code == found.code, outcome.err
    said = outcome.out + outcome.err
    assert [text for text in found.told if text not in said] == [], said
    if found.code:
        assert contents(home) == {}
        assert said.count("upline: stopped: ") == 1
    if found.is_expected:
        expected, reports = tables(FOLDERS / found.folder / "expected"), tables(home / "reports")
        assert sorted(expected) == sorted(reports)
        assert [name for name in expected if expected[name] != reports[name]] == []


def test_every_folder_stands_in_the_table_once() -> None:
    names = [found.folder for found in FOUND]
    assert len(names) == len(set(names)) and all((FOLDERS / name).is_dir() for name in names)
