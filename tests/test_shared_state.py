"""What a whole process has one of only, while several of its threads read a drop's files."""

from __future__ import annotations

import io
import re
import threading
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_book import drop, write_book

from pipelines.book.drops import open_book
from pipelines.book.file_form import PLAIN
from pipelines.extracts import workbook_reading
from pipelines.extracts.csv_bytes import CsvBytes
from pipelines.extracts.csv_faults import find_lines
from pipelines.extracts.sources import read_source
from pipelines.extracts.taken_rows import release_sources
from pipelines.extracts.workbook_reading import read_workbook_header
from pipelines.months import Month

MOST_SECONDS = 10
STYLES = re.compile(rb"<cellStyles .*</cellStyles>")


def test_a_long_cell_is_read_while_another_file_is_done_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's reader has one limit for the cells of all threads."""
    short, long = tmp_path / "short.csv", tmp_path / "long.csv"
    short.write_text("a,b\n1,2\n")
    long.write_text(f"a,b\n{'x' * 200_000},2\n1,2\n")
    is_short_open, is_long_open, is_short_done = (threading.Event() for _ in range(3))

    @contextmanager
    def in_turn(path: Path, *given: Any, **named: Any) -> Iterator[Any]:
        with CsvBytes(path, *given, **named) as source:
            if path == short:
                is_short_open.set()
                is_long_open.wait(MOST_SECONDS)
            else:
                is_long_open.set()
                is_short_done.wait(MOST_SECONDS)
            yield source

    monkeypatch.setattr("pipelines.extracts.csv_faults.CsvBytes", in_turn)
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(find_lines, short, PLAIN, [2])
        done.add_done_callback(lambda ended: is_short_done.set())
        assert is_short_open.wait(MOST_SECONDS)
        assert find_lines(long, PLAIN, [3]) == {3: 3}
        assert done.result() == {2: 2}


def write_without_styles(path: Path) -> None:
    """A workbook that its reader warns of."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a"])
    book.save(packed)
    with zipfile.ZipFile(packed) as parts, zipfile.ZipFile(path, "w") as written:
        for name in parts.namelist():
            written.writestr(name, STYLES.sub(b"", parts.read(name)))


def test_no_workbook_is_warned_of_while_another_one_is_done_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is warned of is the whole process's."""
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_without_styles(first)
    write_without_styles(second)
    is_first_open, is_first_done = threading.Event(), threading.Event()
    check_size: Callable[[Path], None] = workbook_reading._check_size

    def in_turn(path: Path) -> None:
        check_size(path)
        if path == first:
            is_first_open.set()
            # The second one is open by now, or waits.
            time.sleep(0.5)
        else:
            is_first_done.wait(MOST_SECONDS)

    monkeypatch.setattr(workbook_reading, "_check_size", in_turn)
    with warnings.catch_warnings(record=True) as warned, ThreadPoolExecutor(1) as threads:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        done = threads.submit(read_workbook_header, first, PLAIN)
        done.add_done_callback(lambda ended: is_first_done.set())
        assert is_first_open.wait(MOST_SECONDS)
        assert read_workbook_header(second, PLAIN) == done.result() == ["a"]
        assert warnings.filters == before
    assert [str(each.message) for each in warned] == []


class _Slow(dict[str, Any]):
    """A shelf on which something is laid slowly."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        time.sleep(0.5)


def test_a_source_that_no_query_reads_is_read_while_other_tables_are_done(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", {**drop(), "old.csv": "a\n1\n"})
    (book / "mapping.toml").write_text("[sources.old]\n")
    shelved = open_book(book, Month("2020-01")).drop(Month("2020-01"))
    object.__setattr__(shelved, "shelf", _Slow())
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(read_source, shelved, "old")
        while "old" not in shelved.shelf:
            time.sleep(0.01)
        release_sources(shelved, "orders")
        source = found.result()
    assert source is not None and source.relation.num_rows == 1
