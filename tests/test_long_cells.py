"""Cells longer than Python's reader takes by itself, wherever one is read again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.book.file_form import PLAIN
from pipelines.delivery.mail.sealed_reports import read_rows
from pipelines.extracts.csv_faults import find_lines
from pipelines.proof.quarantined import _names
from pipelines.proof.story import Quarantined
from pipelines.reports.pages.revised_cells import read_report

LONG = "x" * 200_000
TEXT = f"a,b\n{LONG},2\n"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """The limit as a process begins with it."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


def test_the_line_of_a_record_is_found_behind_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{TEXT}1,2\n")
    assert find_lines(tmp_path / "a.csv", PLAIN, [3]) == {3: 3}


def test_a_report_with_one_is_compared(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT)
    assert read_report(tmp_path, "a.csv") == [{"a": LONG, "b": "2"}]


def test_a_report_with_one_is_sent() -> None:
    assert read_rows(TEXT.encode()) == [{"a": LONG, "b": "2"}]


def test_a_quarantined_row_with_one_is_explained() -> None:
    row = Quarantined(
        table="orders", drop="2020-01", file="orders.csv", line=2, key="O1", code="type",
        column="amount", raw=f"O1,{LONG},M1",
    )  # fmt: skip
    assert _names(row, "M1") and not _names(row, "M2")
