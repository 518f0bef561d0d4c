"""One file of a drop as columns of text cells, whatever its format (contracts 1 and 5).

Belongs here: which reader takes a file, which options it has no use for, what it means that a file
cannot be read. Which columns are wanted, and what they mean, is said by who asks.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.book.drop_files import format_of
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.extracts.arrow_numbers import as_arrow
from pipelines.extracts.csv_reading import find_in_nameless, read_csv_cells, read_csv_header
from pipelines.extracts.parquet_reading import read_parquet_cells, read_parquet_header
from pipelines.extracts.workbook_reading import read_workbook_cells, read_workbook_header
from pipelines.stop import Stop
from schemas.cells import BLANKS

# What a file of a format has no use for: said of one, it stops.
USELESS = {
    "csv": ("sheet",),
    "parquet": ("encoding", "delimiter", "quote", "skip_lines", "sheet", "header"),
    "xlsx": ("encoding", "delimiter", "quote"),
}


@dataclass(frozen=True)
class FileOfDrop:
    """A file, the format it is read as and how; `at` is the mapping's section, for messages."""

    path: Path
    format: str
    form: FileForm = PLAIN

    def read_header(self) -> list[str]:
        """The names of its columns; Stop where the file cannot be read."""
        with reading(self.path):
            if self.format == "parquet":
                return read_parquet_header(self.path)
            if self.format == "xlsx":
                return read_workbook_header(self.path, self.form)
            return read_csv_header(self.path, self.form)

    def find_values(self, places: list[int]) -> list[bool]:
        """Of each place of the header, whether its cells may be values that are no text."""
        if self.format != "parquet":
            return [self.format == "xlsx"] * len(places)
        with reading(self.path):
            kinds = pq.read_schema(self.path).types
            return [not _is_text(kinds[place]) for place in places]

    def read_cells(
        self, header: list[str], places: list[int], forms: list[str], is_strict: bool
    ) -> Iterator[FileCells]:
        """The cells at some places of the header, in batches.

        In: of each place the form of the column that it is for, and whether a column without a name
        may not hold anything. Stop where the file cannot be read, maybe after the first batches.
        """
        with reading(self.path):
            if self.format == "parquet":
                yield from self._read_parquet(places, forms)
            elif self.format == "xlsx":
                if is_strict:
                    self._check_nameless(header)
                found = read_workbook_cells(self.path, header, self.form, places, forms)
                yield FileCells(found.columns, found.by_value, found.lines)
            else:
                yield from self._read_csv(header, places, is_strict)

    def _read_csv(
        self, header: list[str], places: list[int], is_strict: bool
    ) -> Iterator[FileCells]:
        """A fault in a column that nobody wants is still a file that cannot be read."""
        told = None
        for records in read_csv_cells(self.path, header, self.form):
            if is_strict and told is None:
                told = find_in_nameless(header, records)
            columns = [records.cells.column(place) for place in places]
            yield FileCells(columns, [None for _ in places], records.lines)
        if told is not None:
            raise ValueError(told)

    def _check_nameless(self, header: list[str]) -> None:
        places = [place for place, name in enumerate(header) if not name]
        found = read_workbook_cells(self.path, header, self.form, places, ["text"] * len(places))
        for place, column in zip(places, found.columns, strict=True):
            if column.null_count < len(column):
                raise ValueError(f"the column {place + 1} has no name, and cells: name it")

    def _read_parquet(self, places: list[int], forms: list[str]) -> Iterator[FileCells]:
        is_value = self.find_values(places)
        first, left = 2, pq.read_metadata(self.path).num_rows - self.form.skip_footer
        for found in read_parquet_cells(self.path, places, forms):
            rows = min(found.num_rows, max(0, left))
            cells = [column.slice(0, rows) for column in found.columns]
            yield FileCells(
                [_trimmed(column) if self.form.trim else column for column in cells],
                [_all_true(rows) if value else None for value in is_value],
                as_arrow(np.arange(first, first + rows, dtype=np.int32)),
            )
            first, left = first + rows, left - rows


@dataclass(frozen=True)
class FileCells:
    """Some rows of a file: columns of text cells, null where empty, and each row's line.

    `by_value` says of each cell of a column whether it is a value that formats do not apply to;
    None where none of them is.
    """

    columns: list[pa.ChunkedArray]
    by_value: list[pa.ChunkedArray | None]
    lines: pa.Array


def open_files(
    paths: tuple[Path, ...], told: str | None, form: FileForm, section: str
) -> list[FileOfDrop]:
    """Files as they are to be read; Stop where an option means nothing for one's format."""
    files = [FileOfDrop(path, format_of(path, told), form) for path in paths]
    for file in files:
        for option in fields(FileForm):
            is_said = getattr(form, option.name) != getattr(PLAIN, option.name)
            if is_said and option.name in USELESS[file.format]:
                raise Stop(
                    f"{file.path}: {section}.{option.name} of the mapping means nothing for a file "
                    f"of format {file.format}; take it away"
                )
    return files


def read_one_header(files: list[FileOfDrop]) -> list[str]:
    """The header that all of the files have; Stop names the first that has another."""
    header = files[0].read_header()
    for file in files[1:]:
        other = file.read_header()
        for place in range(max(len(header), len(other))):
            names = [repr(each[place]) if place < len(each) else "none" for each in (other, header)]
            if names[0] != names[1]:
                raise Stop(
                    f"{file.path}: column {place + 1} is {names[0]} and in {files[0].path.name} "
                    f"it is {names[1]}: files of one pattern must have the same header"
                )
    return header


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a reader finds wrong with a file is a Stop that names it."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        told = f"it is damaged or cut off ({_first_line(error)}): export it anew"
        raise Stop(f"{path}: cannot be read: {told}") from error
    except (duckdb.Error, pa.ArrowException) as error:
        told = f"it is damaged, or of a kind that cannot be read ({_first_line(error)})"
        raise Stop(f"{path}: cannot be read: {told}: export it anew") from error
    except (ValueError, csv.Error) as error:
        raise Stop(f"{path}: cannot be read: {_first_line(error)}") from error
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror or _first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removesuffix(".")


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = pc.utf8_trim(column, characters=BLANKS)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _all_true(rows: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(np.ones(rows, dtype=bool))])
