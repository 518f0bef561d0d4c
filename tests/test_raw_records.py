"""A record's text is found by its line, however the file is written."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.book.file_form import FileForm
from pipelines.extracts import raw_records
from pipelines.extracts.raw_records import read_raw_records

CELLS = st.text(st.sampled_from('ab,"\n\r é;'), max_size=4)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=12)


def written(row: list[str], end: str) -> str:
    """A record as the csv module writes it, everything quoted that needs it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(row)
    return text.getvalue().removesuffix("\r\n") + end


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]), piece=st.integers(4, 40))
def test_every_record_is_found_in_pieces_of_any_size(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str, piece: int
) -> None:
    records = [written(row, "") for row in rows]
    path = tmp_path_factory.mktemp("raw") / "t.csv"
    path.write_bytes("".join(record + end for record in records).encode())
    before, raw_records.PIECE = raw_records.PIECE, piece
    try:
        found = read_raw_records(path, range(1, len(records) + 2))
    finally:
        raw_records.PIECE = before
    assert found == dict(enumerate(records, 1))


@pytest.mark.parametrize("piece", [5, 1 << 20])
def test_a_quote_inside_an_unquoted_cell_is_an_ordinary_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(raw_records, "PIECE", piece)
    path = tmp_path / "t.csv"
    path.write_text('id,name\n1,5" pipe\n2,"two\nlines, ""and"" more"\n3,6"\n\n\n4,\r\n\r\n5,"x"')
    assert read_raw_records(path, {2, 3, 4, 5, 6, 7}) == {
        2: '1,5" pipe', 3: '2,"two\nlines, ""and"" more"', 4: '3,6"', 5: "4,", 6: '5,"x"',
    }  # fmt: skip


def test_blank_lines_are_not_counted_and_records_of_empty_cells_are(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbf\n\r\na,b\n\n1,2\n,\n\n3,4\n")
    assert read_raw_records(path, [1, 2, 3, 4]) == {1: "a,b", 2: "1,2", 3: ",", 4: "3,4"}


def test_gzip_and_another_encoding_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("a;b\nÄ;'x;\ny'\n3;4\n".encode("utf-16")))
    form = FileForm(encoding="utf-16", delimiter=";", quote="'")
    assert read_raw_records(path, [2, 3], form) == {2: "Ä;'x;\ny'", 3: "3;4"}


def test_lines_before_the_header_are_added(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('made "by\n\nid\n1\n')
    assert read_raw_records(path, [3, 4], FileForm(skip_lines=2)) == {3: "id", 4: "1"}
