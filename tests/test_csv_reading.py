"""How a CSV file's bytes become records: forms, empty records, quotes, lines, what cannot be read.

Belongs here: the reader alone, for any columns. What a table's file may be is in test_files.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.csv_bytes import FREE_EXPANSION
from pipelines.extracts.csv_faults import find_lines
from pipelines.extracts.csv_quotes import BadQuotes, QuoteScan
from pipelines.extracts.csv_reading import MOST_COLUMNS, read_csv_cells, read_csv_header

Found = tuple[list[str], list[tuple[int, list[str | None]]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's file goes."""
    return tmp_path / "some.csv"


def read(path: Path, data: str | bytes, form: FileForm = PLAIN) -> Found:
    """A file's header, and its records with their lines."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    header = read_csv_header(path, form)
    found: list[tuple[int, list[str | None]]] = []
    for records in read_csv_cells(path, header, form):
        columns = [column.to_pylist() for column in records.cells.columns]
        rows = [list(row) for row in zip(*columns, strict=True)]
        found += zip(records.lines.to_pylist(), rows, strict=True)
    return header, found


def fault(path: Path, data: str | bytes, form: FileForm = PLAIN) -> str:
    """Why a file cannot be read."""
    with pytest.raises(ValueError) as caught:
        read(path, data, form)
    return str(caught.value)


AB = ["a", "b"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a,b\n1,2\n", [2]),
        ("a,b\n\n1,2\n\r\n1,2\n", [2, 3]),
        ("a,b\n,\n1,2\n,\n,\n1,2\n,\n", [3, 6]),
        ("a,b\n,,,\n1,2\n,,\n", [3]),
        (',\n"",\n\na,b\n1,2\n', [4]),
        (",,,,\na,b\n1,2\n", [3]),
        ('a,b\n"","",""\n""\n1,2\n', [4]),
        ("a,b\n" + ",\n" * 5000, []),
        ("a,b\n1,2\n" + ",,\n" * 5000 + "1,2\n", [2, 5003]),
    ],
)
def test_records_of_empty_cells_are_passed_over_but_counted(
    path: Path, text: str, lines: list[int]
) -> None:
    assert read(path, text) == (AB, [(line, ["1", "2"]) for line in lines])


FORMS: list[tuple[FileForm, bytes, list[tuple[int, list[str | None]]]]] = [
    (FileForm(delimiter=";"), b"a;b\n1,5;2\n", [(2, ["1,5", "2"])]),
    (FileForm(delimiter="\t"), b"a\tb\n1\t2\n", [(2, ["1", "2"])]),
    (FileForm(quote="'"), b"a,b\n'it''s, so',\"2\n", [(2, ["it's, so", '"2'])]),
    (FileForm(encoding="windows-1252"), b"a,b\n\xfc,\x80\n", [(2, ["ü", "€"])]),
    (FileForm(encoding="utf-16"), "a,b\nü,2\n".encode("utf-16"), [(2, ["ü", "2"])]),
    (FileForm(encoding="utf-16-le"), "a,b\nü,2\n".encode("utf-16-le"), [(2, ["ü", "2"])]),
    (FileForm(skip_lines=2), b'The "title\r\n\r\na,b\r\n1,2\r\n', [(4, ["1", "2"])]),
    (FileForm(skip_footer=1), b"a,b\n1,2\nTotal\n", [(2, ["1", "2"])]),
    (FileForm(skip_footer=2), b"a,b\n1,2\nx,y,z\n,\nTotal,9\n,\n", [(2, ["1", "2"])]),
    (FileForm(skip_footer=1), b"a,b\n1,2\n3,4\n,,,\n", [(2, ["1", "2"])]),
    (FileForm(skip_footer=9), b"a,b\n1,2\n", []),
    (FileForm(header=("a", "b")), b"1,2\n3,4\n", [(1, ["1", "2"]), (2, ["3", "4"])]),
    (FileForm(header=("a", "b")), b"", []),
    (FileForm(header=("a", "b"), skip_lines=1), b"x\n1,2\n", [(2, ["1", "2"])]),
    (FileForm(trim=True), b" a ,b\n x\t,  \n , \n y , z\n", [(2, ["x", None]), (4, ["y", "z"])]),
]


@pytest.mark.parametrize(("form", "data", "records"), FORMS, ids=lambda part: str(part)[:40])
def test_a_file_is_read_in_its_form(
    path: Path, form: FileForm, data: bytes, records: list[tuple[int, list[str | None]]]
) -> None:
    assert read(path, data, form) == (AB, records)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('a,b\n"Kim "Kiki" Dam",2\n', "line 2, column 1 (a): a quote"),
        ('a,b\n1,2\n\n"x\ny",2\n1,"Kim "K"\n', "line 6 (record 4), column 2 (b): a quote"),
        ('a,b\n"x\n\ny"z,2\n', "line 4 (record 2), column 1 (a): a quote"),
        ('a,b\n1,"x" \n', "line 2, column 2 (b): a quote"),
        ('"a"x,b\n1,2\n', "line 1, column 1: a quote"),
        ('a,b\n1,"x\ny\n', "line 2, column 2 (b): it ends inside a quoted cell"),
        ('a,b\n1,"x""', "line 2, column 2 (b): it ends inside a quoted cell"),
        ('a,b\n"x\ny",2\n1\n', "line 4 (record 3): 1 cell, must be 2"),
        ("a,b\n,\n\n1,2,3\n", "line 4 (record 3): 3 cells, must be 2"),
        ("a,b\n1,2\n1;2\n", "line 3: 1 cell, must be 2; the delimiter seems to be ;"),
        ("a,b\n\0\0\0\0\n", "line 2: 1 cell, must be 2; it holds zero bytes"),
        ("", "it is empty"),
        ("\n,,\n\n", "it is empty"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(path: Path, text: str, told: str) -> None:
    assert fault(path, text).startswith(told)


def test_a_byte_that_is_not_utf8_is_told_wherever_it_is(path: Path) -> None:
    lines = [b"a,b", *[b"1,2"] * 2500, b"M\xfcller,2", b"1,2"]
    told = fault(path, b"\n".join(lines))
    assert told.startswith("line 2502, column 1 (a): the byte 0xFC is not UTF-8; it looks like win")


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (b"M\xfcller,2,3\n", "line 3, column 1 (a): the byte 0xFC is not UTF-8"),
        (b"1,2,\xc3", "line 3, column 3: the byte 0xC3 is not UTF-8"),
        (b'1,2,\xc3"\n"', "line 3, column 3: the byte 0xC3 is not UTF-8"),
    ],
)
def test_a_record_of_another_width_that_is_not_utf8_is_told_alone(
    path: Path, capfd: pytest.CaptureFixture[str], record: bytes, told: str
) -> None:
    assert fault(path, b"a,b\n1,2\n" + record).startswith(told)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "form", "told"),
    [
        ("ä,b\n".encode("latin-1"), PLAIN, "line 1, column 1"),
        (b"a,b\n1,M\x81ller\n", PLAIN, "a DOS code page (cp850)"),
        (b"a,b\n1,2\n1,\x81\n", FileForm(encoding="cp1252"), "line 3, column 2 (b): the byte 0x81"),
        ("a,b\n".encode("utf-16"), PLAIN, "not UTF-8 but utf-16"),
        ("a,b\n1,2\n".encode("utf-16-be"), PLAIN, "not UTF-8 but utf-16-be"),
        ("a,b\n1,2\n".encode("utf-32"), PLAIN, "not UTF-8 but utf-32"),
        (b"a,b\n", FileForm(encoding="no-such"), "there is no encoding 'no-such'"),
        (b"PK\x03\x04\x14\0", PLAIN, "it is an Excel workbook or another zip file"),
        (b"\xd0\xcf\x11\xe0\xa1", PLAIN, "it is an old Excel workbook"),
        (b"\n <HTML><table>", PLAIN, "it is a web page or XML"),
        (b'[{"a": 1}]', PLAIN, "it is JSON"),
        (b"PAR1xx", PLAIN, "it is a Parquet file"),
        (gzip.compress(b"a,b\n", mtime=0), PLAIN, "it is a gzip file"),
        (b"a\nb\n", FileForm(skip_lines=3), "it has fewer lines than skip_lines = 3"),
        (b"a,b\n1,2\nx\ny\n", FileForm(skip_footer=1), "line 3: 1 cell, must be 2"),
        (b"a,b\nx\n1,2\n", FileForm(skip_footer=1), "line 2: 1 cell, must be 2"),
    ],
)
def test_a_file_of_another_kind_is_told(path: Path, data: bytes, form: FileForm, told: str) -> None:
    assert told in fault(path, data, form)


TEXTS = st.text(st.sampled_from('ab",\n\r x'), max_size=40)


@pytest.mark.long
@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_it_reads_as_pythons_reader_does(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "read.csv"
    data = "a,b\n" + text
    try:
        rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))[1:]
        numbered = [(line, row) for line, row in enumerate(filter(None, rows), 2) if any(row)]
        expected = None if any(len(row) != 2 for _, row in numbered) else numbered
    except csv.Error:
        expected = None
    if expected is None:
        fault(path, data)
        return
    told = [(line, [cell or None for cell in row]) for line, row in expected]
    assert read(path, data) == (AB, told)


@given(st.lists(st.text(st.sampled_from('a",\n'), max_size=8), max_size=8))
@settings(max_examples=600, deadline=None)
def test_quotes_are_followed_across_pieces(pieces: list[str]) -> None:
    scan = QuoteScan(",", '"', 1000)
    try:
        for piece in pieces:
            scan.feed(piece.encode())
        scan.finish()
        is_good = True
    except BadQuotes:
        is_good = False
    try:
        list(csv.reader(io.StringIO("".join(pieces), newline=""), strict=True))
        is_good_there = True
    except csv.Error:
        is_good_there = False
    assert is_good == is_good_there


def test_an_editors_line_is_found_for_a_record(path: Path) -> None:
    path.write_text('x\n\na,b\n\n"1\n2",3\n,\n4,5\n')
    assert find_lines(path, FileForm(skip_lines=1), [3, 5, 9]) == {3: 5, 5: 8}


@pytest.mark.exhaustive
@pytest.mark.long
def test_a_small_file_that_unpacks_to_very_much_stops(path: Path) -> None:
    record = b"O1,2\n" * 200_000
    packed = path.with_name("some.csv.gz")
    with gzip.open(packed, "wb", compresslevel=6) as out:
        out.write(b"a,b\n")
        for _ in range(FREE_EXPANSION // len(record) + 2):
            out.write(record)
    with pytest.raises(ValueError, match="unpacks to more than 100 times its size"):
        for _ in read_csv_cells(packed, AB):
            pass


def test_more_columns_than_the_limit_stop(path: Path) -> None:
    header = ",".join(f"c{i}" for i in range(MOST_COLUMNS + 1))
    assert fault(path, header) == "line 1: 16385 columns, and 16384 are the limit"
