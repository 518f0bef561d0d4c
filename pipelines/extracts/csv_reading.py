"""A CSV file's records as text cells, each with its line (contract 1, the book; contract 5).

Belongs here: which records a file has, what is a header, what is passed over. Which columns a table
has is not looked at; what is wrong with a file that cannot be read is found by `csv_faults`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.arrow_numbers import as_arrow
from pipelines.extracts.csv_faults import UNDECODED, explain_fault, first_records
from pipelines.extracts.csv_parsing import PassedOver, RaggedRecord, parse_records
from pipelines.extracts.csv_quotes import BadQuotes
from schemas.cells import BLANKS

MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Records:
    """Some records behind the header: text cells, null where empty, by the column's position.

    `lines` has each record's line as contract 1 counts it.
    """

    cells: pa.Table
    lines: pa.Array

    def slice(self, start: int, count: int | None = None) -> Records:
        """So many of them from the one at `start` on; all where no count is said."""
        return Records(self.cells.slice(start, count), self.lines.slice(start, count))


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


def read_csv_cells(path: Path, header: list[str], form: FileForm = PLAIN) -> Iterator[Records]:
    """Every record after the header, in batches; empty ones are passed over, but counted.

    In: the names that `read_csv_header` gave. ValueError says in which line and column the file is
    not what it should be: ragged, badly quoted, cut off, of another encoding. It may come after
    the first batches.
    """
    try:
        for records in _without_header(_read_records(path, header, form), form):
            lines = pc.add(records.lines, pa.scalar(form.skip_lines, pa.int32()))
            yield Records(records.cells.rename_columns(header), lines)
    except (pa.ArrowInvalid, BadQuotes, RaggedRecord, UnicodeDecodeError) as error:
        raise explain_fault(path, header, form, str(error)) from error


def _read_records(path: Path, header: list[str], form: FileForm) -> Iterator[Records]:
    """Every record that is not empty and no footer, the header too, with its number."""
    passed = PassedOver()
    batches = parse_records(path, len(header), form, passed)
    return _without_footer(_without_empty(batches, passed, form), passed, form)


def _without_empty(
    batches: Iterator[pa.RecordBatch], passed: PassedOver, form: FileForm
) -> Iterator[Records]:
    first = 1
    for batch in batches:
        cells = pa.Table.from_batches([batch])
        if form.trim:
            cells = _trimmed(cells)
        numbers = _number(first, cells.num_rows, passed)
        first = int(numbers[-1]) + 1
        lines = as_arrow(numbers)
        is_empty = _find_empty(cells)
        if is_empty is not None:
            kept = pc.invert(is_empty)
            cells, lines = cells.filter(kept), lines.filter(kept.combine_chunks())
        yield Records(cells, lines)


def _trimmed(cells: pa.Table) -> pa.Table:
    columns = []
    for column in cells.columns:
        text = pc.utf8_trim(column, characters=BLANKS)
        columns.append(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))
    return pa.Table.from_arrays(columns, names=cells.column_names)


def _number(first: int, rows: int, passed: PassedOver) -> npt.NDArray[np.int32]:
    """The numbers of the next records among all of the file's, of which `first` is the least."""
    passed.empty = [number for number in passed.empty if number >= first]
    left_out = [*passed.empty, *(number for number, _ in passed.ragged if number >= first)]
    numbers = np.arange(first, first + rows + len(left_out), dtype=np.int32)
    if left_out:
        numbers = np.setdiff1d(numbers, np.array(left_out, dtype=np.int32), assume_unique=True)
    return numbers[:rows]


def _find_empty(cells: pa.Table) -> pa.ChunkedArray | None:
    """Which records have no cell that is not empty; None where that is none of them."""
    found = None
    for column in cells.columns:
        if column.null_count == 0:
            return None
        is_null = pc.is_null(column)
        found = is_null if found is None else pc.and_(found, is_null)
    return found


def _without_footer(
    found: Iterator[Records], passed: PassedOver, form: FileForm
) -> Iterator[Records]:
    """All but the last `skip_footer` records, which are held back until the file's end."""
    if form.skip_footer == 0:
        yield from found
        return
    held: Records | None = None
    for records in found:
        held = records if held is None else _joined(held, records)
        known = max(0, len(held.lines) - form.skip_footer)
        yield held.slice(0, known)
        held = held.slice(known)
    if held is not None:
        yield held.slice(0, _count_without_footer(held.lines, passed, form))


def _joined(held: Records, records: Records) -> Records:
    cells = pa.concat_tables([held.cells, records.cells])
    return Records(cells, pa.concat_arrays([held.lines, records.lines]))


def _count_without_footer(numbers: pa.Array, passed: PassedOver, form: FileForm) -> int:
    """How many of the last parsed records are left without the last `skip_footer` of the file."""
    every = sorted([*numbers.to_pylist(), *(number for number, _ in passed.ragged)])
    footer = set(every[-form.skip_footer :])
    for number, cells in passed.ragged:
        if number not in footer:
            raise RaggedRecord(f"record {number} has {cells} cells")
    return len(numbers) - len(footer & set(numbers.to_pylist()))


def _without_header(found: Iterator[Records], form: FileForm) -> Iterator[Records]:
    is_header_next = form.header is None
    for records in found:
        if is_header_next and len(records.lines):
            is_header_next = False
            yield records.slice(1)
        else:
            yield records


def find_in_nameless(header: list[str], records: Records) -> str | None:
    """What to tell where a column without a name has a cell that is not empty, else None."""
    for position, name in enumerate(header):
        column = records.cells.column(position)
        if name or column.null_count == len(column):
            continue
        first = records.lines[pc.index(pc.is_valid(column), True).as_py()]
        return (
            f"the column {position + 1} has no name, and a cell in line {first}: "
            f"name it in the export, or empty it"
        )
    return None
