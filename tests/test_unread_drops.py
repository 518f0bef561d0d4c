"""A drop of before the opening month is not read, and not overlooked either."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SAMPLE

from pipelines.extracts.check_command import check_drop
from pipelines.months import Month


@pytest.mark.long
def test_it_is_named_at_the_opening_month_only(tmp_path: Path) -> None:
    for path in SAMPLE.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "2019-12").mkdir()
    first = check_drop(tmp_path, Month("2020-01")).notes
    assert "book: drops of before the opening month 2020-01 are not read: 2019-12" in first
    assert not [note for note in check_drop(tmp_path, Month("2020-02")).notes if "opening" in note]
