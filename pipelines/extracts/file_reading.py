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
from pipelines.extracts.csv_reading import check_nameless, read_csv_cells, read_csv_header
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

    def read_cells(
        self, header: list[str], places: list[int], forms: list[str], is_strict: bool
    ) -> FileCells:
        """The cells at some places of the header.

        In: of each place the form of the column that it is for, and whether a column without a name
        may not hold anything. Stop where the file cannot be read.
        """
        with reading(self.path):
            if self.format == "parquet":
                return self._read_parquet(header, places, forms)
            if self.format == "xlsx":
                if is_strict:
                    self._check_nameless(header)
                found = read_workbook_cells(self.path, header, self.form, places, forms)
                return FileCells(found.columns, found.by_value, found.lines)
            # A fault in a column that nobody wants is still a file that cannot be read.
            records = read_csv_cells(self.path, header, self.form)
            if is_strict:
                check_nameless(header, records)
            columns = [records.cells.column(place) for place in places]
            return FileCells(columns, [None for _ in places], records.lines)

    def _check_nameless(self, header: list[str]) -> None:
        places = [place for place, name in enumerate(header) if not name]
        found = read_workbook_cells(self.path, header, self.form, places, ["text"] * len(places))
        for place, column in zip(places, found.columns, strict=True):
            if column.null_count < len(column):
                raise ValueError(f"the column {place + 1} has no name, and cells: name it")

    def _read_parquet(self, header: list[str], places: list[int], forms: list[str]) -> FileCells:
        kinds = pq.read_schema(self.path).types
        found = read_parquet_cells(self.path, places, forms)
        rows = len(found[0]) if found else 0
        columns = [_trimmed(column) if self.form.trim else column for column in found]
        by_value = [None if _is_text(kinds[place]) else _all_true(rows) for place in places]
        kept = max(0, rows - self.form.skip_footer)
        return FileCells(
            [column.slice(0, kept) for column in columns],
            [None if flags is None else flags.slice(0, kept) for flags in by_value],
            pa.array(np.arange(2, kept + 2, dtype=np.int32)),
        )


@dataclass(frozen=True)
class FileCells:
    """Columns of text cells, null where empty, and each row's line.

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
