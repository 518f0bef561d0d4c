"""What is computed again gives what is sealed, and nothing of an attempt before is left in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import SAMPLE
from small_book import OPENING, drop, row, write_book, write_files
from upline_command import upline

from pipelines.book.drops import open_book
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts.load import replace_table
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse


def tables(folder: Path) -> dict[str, bytes]:
    """The CSV files of a month by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")
    }


@pytest.mark.first(1)
@pytest.mark.long
@pytest.mark.parametrize("month", ["2020-01", "2020-02", "2020-03"])
def test_a_trial_of_a_closed_month_gives_the_sealed_files(
    closed_sample: Path, tmp_path: Path, month: str
) -> None:
    # The later months are closed: none of their rows may be in it.
    home = Path(shutil.copytree(closed_sample, tmp_path / "home"))
    found = upline("trial", month, "--book", SAMPLE, "--home", home)
    assert (found.code, found.err) == (0, "")
    assert tables(home / "trial" / month) == tables(closed_sample / "reports" / month)


def test_a_member_of_a_snapshot_that_was_loaded_before_its_correction_is_unknown(
    tmp_path: Path,
) -> None:
    two = [row("members"), row("members", member_id="M2")]
    folder = write_book(tmp_path / "book", drop(members=two))
    with open_warehouse(None) as con:
        for members in (two, two[:1]):
            write_files(folder / OPENING.text, drop(members=members, orders=[
                row("orders", seller_id="M2")
            ]))  # fmt: skip
            book = open_book(folder, OPENING)
            for table in ("members", "orders"):
                replace_table(DuckLoading(con), book, book.drop(OPENING), SHAPES[table])
        known = con.execute("select member_id from drops.known_members").fetchall()
        listed = con.execute('select code, "column" from quality.quarantine').fetchall()
    assert known == [("M1",)]
    assert listed == [("reference", "seller_id")]
