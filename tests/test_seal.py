"""A seal says what is on the disk: of the reports, of the drop, of the seal before."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files
    }


@pytest.mark.parametrize("month", ["2020-01", "2020-02", "2020-03", "2020-04"])
def test_every_file_of_a_month_has_the_digest_that_is_sealed(
    closed_sample: Path, month: str
) -> None:
    folder = closed_sample / "reports" / month
    found = digests(folder)
    del found["seal.json"]
    seal = json.loads((folder / "seal.json").read_text())
    assert seal["reports"] == found
    assert seal["inputs"]["drop"] == digests(SAMPLE / month)


def test_every_seal_holds_the_digest_of_the_one_before(closed_sample: Path) -> None:
    paths = [closed_sample / "reports" / f"2020-0{month}" / "seal.json" for month in (1, 2, 3, 4)]
    before = [None, *(sha256(path.read_bytes()).hexdigest() for path in paths[:-1])]
    assert [json.loads(path.read_text())["previous_seal"] for path in paths] == before
