"""A CSV file's records as text cells, each with its line (contract 1, the book; contract 5).

Belongs here: which records a file has, what is a header, what is passed over. Which columns a table
has is not looked at; what is wrong with a file that cannot be read is found by `csv_faults`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.csv_faults import UNDECODED, explain_fault, first_records
from pipelines.extracts.csv_parsing import Parsed, RaggedRecord, parse_records
from pipelines.extracts.quotes import BadQuotes
from schemas.cells import BLANKS

MOST_COLUMNS = 16_384


@dataclass(frozen=True)
class Records:
    """The records behind the header: text cells, null where empty, by the column's position.

    `lines` has each record's line as contract 1 counts it.
    """

    cells: pa.Table
    lines: pa.Array


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
    parsed = parse_records(path, len(header), form)
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


def _trimmed(cells: pa.Table) -> pa.Table:
    columns = []
    for column in cells.columns:
        text = pc.utf8_trim(column, characters=BLANKS)
        columns.append(pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text))
    return pa.Table.from_arrays(columns, names=cells.column_names)


def _number(rows: int, parsed: Parsed) -> pa.Array:
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


def _count_without_footer(numbers: pa.Array, parsed: Parsed, form: FileForm) -> int:
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
