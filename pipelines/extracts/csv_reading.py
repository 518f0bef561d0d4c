"""A CSV file's records as text cells, each with its line (contract 1, the book; contract 5).

Belongs here: which records a file has, what is a header, what is passed over. Which columns a table
has is not looked at; what is wrong with a file that cannot be read is found by `csv_faults`.
"""

from __future__ import annotations

import csv
import io
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.csv_bytes import LONGEST_RECORD, CsvBytes, too_long
from pipelines.extracts.csv_faults import UNDECODED, explain_fault, first_records
from pipelines.extracts.quotes import BadQuotes, QuoteScan
from schemas.cells import BLANKS

# A record may not be longer than the block it is read in: the second try is for very long ones.
BLOCK, LONG_BLOCK = 1 << 23, LONGEST_RECORD
MOST_COLUMNS = 16_384
# Seconds that the parser has to let go of a file.
PATIENCE = 10


class RaggedRecord(ValueError):
    """A record that has more or fewer cells than the header."""


@dataclass(frozen=True)
class Records:
    """The records behind the header: text cells, null where empty, by the column's position.

    `lines` has each record's line as contract 1 counts it.
    """

    cells: pa.Table
    lines: pa.Array


@dataclass(frozen=True)
class _Parsed:
    """What the parser gave: records of the header's width, and the numbers of those it left out."""

    cells: pa.Table
    empty: tuple[int, ...] = ()
    ragged: tuple[tuple[int, int], ...] = ()


def read_csv_header(path: Path, form: FileForm = PLAIN) -> list[str]:
    """The column names: the form's, or those of the first record that is not empty.

    ValueError when there is none, when there are more than MOST_COLUMNS, or the file is no CSV.
    """
    if form.header is not None:
        return list(form.header)
    try:
        found = first_records(path, form, 1, is_strict=True)
    except csv.Error as error:
        raise explain_fault(path, [], form, str(error)) from error
    if not found:
        raise ValueError("it is empty; a header row is needed even where there are no rows")
    [(line, header)] = found
    if any(UNDECODED.search(name) for name in header):
        raise explain_fault(path, header, form, "")
    if len(header) > MOST_COLUMNS:
        raise ValueError(f"line {line}: {len(header)} columns, and {MOST_COLUMNS} are the limit")
    return [name.strip(BLANKS) for name in header] if form.trim else header


def read_csv_cells(path: Path, header: list[str], form: FileForm = PLAIN) -> Records:
    """Every record after the header; empty ones are passed over, but counted.

    In: the names that `read_csv_header` gave. ValueError says in which line and column the file is
    not what it should be: ragged, badly quoted, cut off, of another encoding.
    """
    try:
        return _read_records(path, header, form)
    except (pa.ArrowInvalid, BadQuotes, RaggedRecord, UnicodeDecodeError) as error:
        raise explain_fault(path, header, form, str(error)) from error


def _read_records(path: Path, header: list[str], form: FileForm) -> Records:
    parsed = _parse(path, len(header), form)
    cells = _trimmed(parsed.cells) if form.trim else parsed.cells
    numbers = _number(cells.num_rows, parsed)
    is_empty = _find_empty(cells)
    if is_empty is not None:
        kept = pc.invert(is_empty)
        cells, numbers = cells.filter(kept), numbers.filter(kept.combine_chunks())
    first = 1 if form.header is None else 0
    rows = max(0, _count_without_footer(numbers, parsed, form) - first)
    lines = pc.add(numbers.slice(first, rows), pa.scalar(form.skip_lines, pa.int32()))
    return Records(cells.slice(first, rows).rename_columns(header), lines)


def _parse(path: Path, width: int, form: FileForm) -> _Parsed:
    """By all threads; a file with records of another width again, by one that counts them."""
    for block in (BLOCK, LONG_BLOCK):
        try:
            return _Parsed(_read(path, width, form, block, _refuse))
        except pa.ArrowInvalid as error:
            told = str(error)
            if told.startswith("CSV parse error"):
                return _parse_in_order(path, width, form)
            if told.startswith("Empty CSV file"):
                return _Parsed(
                    pa.table({str(at): pa.array([], pa.string()) for at in range(width)})
                )
            if "straddling" not in told:
                raise
    raise BadQuotes(f"a record is {too_long()}, or a quote is not closed")


def _refuse(bad: pyarrow.csv.InvalidRow) -> str:
    return "error"


def _parse_in_order(path: Path, width: int, form: FileForm) -> _Parsed:
    empty: list[int] = []
    ragged: list[tuple[int, int]] = []

    def pass_over(bad: pyarrow.csv.InvalidRow) -> str:
        if _is_empty(bad.text, form):
            empty.append(bad.number)
        else:
            ragged.append((bad.number, bad.actual_columns))
        return "skip" if len(ragged) <= form.skip_footer else "error"

    frame = _read(path, width, form, LONG_BLOCK, pass_over, is_in_order=True)
    return _Parsed(frame, tuple(empty), tuple(ragged))


def _is_empty(text: str, form: FileForm) -> bool:
    blanks = BLANKS if form.trim else "\r\n"
    cells = text.split(form.delimiter)
    return all(cell.strip(blanks) in ("", form.quote * 2) for cell in cells)


def _read(
    path: Path, width: int, form: FileForm, block: int, refuse: object, is_in_order: bool = False
) -> pa.Table:
    """Every record of the header's width, the header too."""
    faults: list[Exception] = []
    released = threading.Event()
    with CsvBytes(path, form) as source:
        try:
            return _parse_records(
                (source, form, faults, released), width, block, refuse, is_in_order
            )
        finally:
            # A thread of the parser's that lets go of the file at the process's end kills it.
            released.wait(PATIENCE)
            if faults:
                raise faults[0]


def _parse_records(
    source: _Source, width: int, block: int, refuse: object, is_in_order: bool
) -> pa.Table:
    form = source[1]
    names = [str(position) for position in range(width)]
    return pyarrow.csv.read_csv(
        # Nobody but the parser holds on to it.
        pa.PythonFile(_Scanned(*source), mode="r"),
        # Only one thread at a time knows which record it is at.
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, block_size=block, use_threads=not is_in_order
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=form.delimiter,
            quote_char=form.quote,
            newlines_in_values=True,
            invalid_row_handler=refuse,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


_Source = tuple[CsvBytes, FileForm, list[Exception], threading.Event]


class _Scanned(io.RawIOBase):
    """A source whose quotes are followed as it is read.

    What goes wrong is kept in `faults`, and the file seems to end there.
    """

    def __init__(
        self, source: CsvBytes, form: FileForm, faults: list[Exception], released: threading.Event
    ) -> None:
        self._source, self._faults = source, faults
        self._scan = QuoteScan(form.delimiter, form.quote, LONGEST_RECORD)
        weakref.finalize(self, released.set)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._faults:
            return b""
        try:
            data = self._source.read(size)
            if data:
                self._scan.feed(data)
            else:
                self._scan.finish()
        except Exception as error:
            # Its traceback would hold on to this file.
            self._faults.append(error.with_traceback(None))
            return b""
        return data


def _trimmed(cells: pa.Table) -> pa.Table:
    columns = []
    for column in cells.columns:
        text = pc.utf8_trim(column, characters=BLANKS)
        columns.append(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))
    return pa.Table.from_arrays(columns, names=cells.column_names)


def _number(rows: int, parsed: _Parsed) -> pa.Array:
    """The number of each parsed record among all of the file's, from 1."""
    left_out = {*parsed.empty, *(number for number, _ in parsed.ragged)}
    numbers = np.arange(1, rows + len(left_out) + 1, dtype=np.int32)
    if left_out:
        numbers = np.delete(numbers, np.array(sorted(left_out)) - 1)
    return pa.array(numbers)


def _find_empty(cells: pa.Table) -> pa.ChunkedArray | None:
    """Which records have no cell that is not empty; None where that is none of them."""
    found = None
    for column in cells.columns:
        if column.null_count == 0:
            return None
        is_null = pc.is_null(column)
        found = is_null if found is None else pc.and_(found, is_null)
    return found


def _count_without_footer(numbers: pa.Array, parsed: _Parsed, form: FileForm) -> int:
    """How many of the parsed records are left without the last `skip_footer` of the file."""
    if form.skip_footer == 0:
        return len(numbers)
    every = sorted([*numbers.slice(max(0, len(numbers) - form.skip_footer)).to_pylist(),
                    *(number for number, _ in parsed.ragged)])  # fmt: skip
    footer = set(every[-form.skip_footer :])
    for number, cells in parsed.ragged:
        if number not in footer:
            raise RaggedRecord(f"record {number} has {cells} cells")
    return len(numbers) - len(footer & set(numbers.to_pylist()))


def check_nameless(header: list[str], records: Records) -> None:
    """ValueError when a column without a name has a cell that is not empty."""
    for position, name in enumerate(header):
        column = records.cells.column(position)
        if name or column.null_count == len(column):
            continue
        first = records.lines[pc.index(pc.is_valid(column), True).as_py()]
        raise ValueError(
            f"the column {position + 1} has no name, and a cell in line {first}: "
            f"name it in the export, or empty it"
        )
