"""Months that are proved side by side give what they give one after the other."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from upline_command import contents

from pipelines.closing.home import Home
from pipelines.proof.differences import MonthProof
from pipelines.proof.verify import Asked, verify

Told = tuple[list[MonthProof], list[str]]


def prove(folder: Path, cores: int) -> Told:
    """What verify finds, and what it says on the way."""
    said: list[str] = []
    asked = Asked(Home(folder / "home"), folder / "book", cores=cores)
    return verify(asked, said.append), said


def both(folder: Path) -> Told:
    """The same from one month at a time and from two; nothing is written or left."""
    before = contents(folder)
    told = prove(folder, 1)
    assert prove(folder, os.cpu_count() or 2) == told
    assert contents(folder) == before
    return told


@pytest.fixture
def three(three_months: Path, tmp_path: Path) -> Path:
    """A copy of three closed months."""
    shutil.copytree(three_months, tmp_path / "three", symlinks=True)
    return tmp_path / "three"


@pytest.mark.exhaustive
@pytest.mark.long
def test_of_a_home_that_is_as_it_was_closed(three: Path) -> None:
    proofs, said = both(three)
    assert all(proof.is_same for proof in proofs) and len(proofs) == 3
    again = [line for line in said if line.endswith("computed again")]
    assert again == [f"2020-0{month}  computed again" for month in (1, 2, 3)]


@pytest.mark.exhaustive
@pytest.mark.long
def test_of_a_home_in_which_each_month_is_spoiled_otherwise(three: Path) -> None:
    report = three / "home" / "reports" / "2020-01" / "finance" / "statements.csv"
    report.write_text(report.read_text() + "\n")
    (three / "home" / "reports" / "2020-02" / "seal.json").unlink()
    (three / "book" / "2020-03" / "members.csv").unlink()
    proofs, said = both(three)
    kinds = [[each.kind for each in proof.differences] for proof in proofs]
    assert kinds[0] == ["report_changed"] and "chain_broken" in kinds[1]
    assert "input_changed" in kinds[2]
    assert any("cannot be computed again" in each.detail for each in proofs[2].differences)
    assert said[-1] == "2020-02  computed again"
