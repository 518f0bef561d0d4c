"""A table's file as a frame of text cells, whatever its format (contract 1, the book).

Belongs here: the header's checks, the vendor's names, what it means that a file cannot be read. The
formats are in `csv_reading` and `parquet_reading`; what a cell may hold is not looked at.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.book.file_form import PLAIN
from pipelines.book.mapping import TableMapping
from pipelines.extracts.csv_reading import check_nameless, read_csv_cells, read_csv_header
from pipelines.extracts.header_faults import explain_columns, explain_header, shorten
from pipelines.extracts.parquet_reading import read_parquet_cells, read_parquet_header
from pipelines.stop import Stop
from schemas.cells import Cell


@dataclass(frozen=True)
class Cells:
    """A file as read: our columns as text (null where empty), rows in the file's order.

    `lines` has each row's line (contract 1, "Quarantine"); they rise, and may leave some out.
    """

    frame: pa.Table
    lines: pa.Array
    unknown_columns: tuple[str, ...]


def read_cells(path: Path, columns: dict[str, Cell], mapping: TableMapping) -> Cells:
    """Read a table's file.

    In: the file, our columns of that table and how the vendor calls them. Out: the cells of our
    columns; a column that the file does not have is not in the frame. Stop when the file cannot be
    read (bad UTF-8, ragged, truncated, corrupt) or a header name is twice or empty.
    """
    try:
        return _read(path, columns, mapping)
    except (ValueError, csv.Error, EOFError, zlib.error, duckdb.Error, pa.ArrowException) as error:
        raise Stop(f"{path}: cannot be read: {_first_line(error)}") from error
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror or _first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _read(path: Path, columns: dict[str, Cell], mapping: TableMapping) -> Cells:
    is_parquet = path.name.endswith(".parquet")
    theirs = read_parquet_header(path) if is_parquet else read_csv_header(path, PLAIN)
    names = [mapping.columns.get(name, name) for name in theirs]
    _check_names(theirs)
    _check_names(names)
    _check_required(path, columns, names, is_parquet)
    places = [place for place, name in enumerate(names) if name in columns]
    ours = [names[place] for place in places]
    unknown = tuple(name for name in names if name and name not in columns)
    if is_parquet:
        wanted = [theirs[place] for place in places]
        dates = {mapping.theirs(name) for name, cell in columns.items() if cell.form == "date"}
        frame = read_parquet_cells(path, wanted, dates)
        lines = pa.array(np.arange(2, frame.num_rows + 2, dtype=np.int32))
    else:
        # A fault in a column that nobody wants is still a file that cannot be read.
        records = read_csv_cells(path, theirs, PLAIN)
        check_nameless(theirs, records)
        frame, lines = records.cells.select(places), records.lines
    return Cells(frame.rename_columns(ours), lines, unknown)


def _check_names(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"line 1: the column {shorten(name)!r} stands twice; keep one of them")
        if name:
            seen.add(name)


def _check_required(
    path: Path, columns: dict[str, Cell], names: list[str], is_parquet: bool
) -> None:
    required = [name for name, cell in columns.items() if cell.required]
    if is_parquet:
        told = explain_columns(names, required, list(columns))
    else:
        told = explain_header(path, PLAIN, names, required, list(columns))
    if told is not None:
        raise Stop(f"{path}: {told}")
