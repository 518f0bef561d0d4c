"""A table's file as a frame of text cells, whatever its format (contract 1, the book).

Belongs here: CSV, CSV.gz and Parquet to text, the header's checks, the vendor's names. What a cell
may hold is not looked at.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import duckdb
import pyarrow as pa
import pyarrow.csv as pc

from pipelines.book.mapping import TableMapping
from pipelines.stop import Stop
from schemas.cells import Cell

# A last record of our own, to see that the file did not end inside a quoted cell.
END = "\x02end of file\x03"


@dataclass(frozen=True)
class Cells:
    """A file as read: our columns as text (null where empty), rows in the file's order."""

    frame: pa.Table
    unknown_columns: tuple[str, ...]


def read_cells(path: Path, columns: dict[str, Cell], mapping: TableMapping) -> Cells:
    """Read a table's file.

    In: the file, our columns of that table and how the vendor calls them. Out: the cells of our
    columns; a column that the file does not have is not in the frame. Stop when the file cannot be
    read (bad UTF-8, ragged, truncated, corrupt) or a header name is twice or empty.
    """
    try:
        dates = {mapping.theirs(name) for name, cell in columns.items() if cell.form == "date"}
        is_parquet = path.name.endswith(".parquet")
        frame = _read_parquet(path, dates) if is_parquet else _read_csv(path)
    except (pa.ArrowInvalid, csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Stop(f"{path}: cannot be read: {_first_line(error)}") from error
    except (UnicodeDecodeError, duckdb.Error) as error:
        raise Stop(f"{path}: cannot be read: {_first_line(error)}") from error
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror or error}") from error
    names = [mapping.columns.get(name, name) for name in frame.column_names]
    for name in names:
        if names.count(name) > 1:
            raise Stop(f"{path}: line 1: the column {name!r} stands twice; keep one of them")
    frame = frame.rename_columns(names)
    unknown = tuple(name for name in names if name not in columns)
    return Cells(frame.select([name for name in names if name in columns]), unknown)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _read_csv(path: Path) -> pa.Table:
    header = _read_header(path)
    with _open(path) as source:
        frame = pc.read_csv(
            pa.PythonFile(_EndMarked(source, len(header)), mode="r"),
            read_options=pc.ReadOptions(
                column_names=[str(position) for position in range(len(header))],
                skip_rows_after_names=1,
                block_size=1 << 23,
            ),
            parse_options=pc.ParseOptions(newlines_in_values=True),
            convert_options=pc.ConvertOptions(
                column_types={str(position): pa.string() for position in range(len(header))},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    last = frame.slice(frame.num_rows - 1).to_pylist() if frame.num_rows else []
    if not last or set(last[0].values()) != {END}:
        raise pa.ArrowInvalid("the file ends inside a quoted cell; it was cut off")
    return frame.slice(0, frame.num_rows - 1).rename_columns(header)


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


def _read_header(path: Path) -> list[str]:
    with _open(path) as source:
        text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
        header = next((record for record in csv.reader(text) if record), None)
    if header is None:
        raise pa.ArrowInvalid("it is empty; a header row is needed even where there are no rows")
    for position, name in enumerate(header, 1):
        if not name:
            raise pa.ArrowInvalid(f"line 1: column {position} has no name")
        if header.count(name) > 1:
            raise pa.ArrowInvalid(f"line 1: the column {name!r} stands twice; keep one of them")
    return header


class _EndMarked(io.RawIOBase):
    """A binary file with one more record at its end, every cell of which is END."""

    def __init__(self, source: IO[bytes], width: int) -> None:
        self._source = source
        self._tail = ("\n" + ",".join([END] * width) + "\n").encode()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        if not data:
            data, self._tail = self._tail, b""
        return data


def _read_parquet(path: Path, dates: set[str]) -> pa.Table:
    con = duckdb.connect()
    try:
        con.execute("set timezone = 'UTC'")
        source = con.read_parquet(str(path))
        shown = ", ".join(
            f"{as_text(_quoted(name), str(kind), name in dates)} as {_quoted(name)}"
            for name, kind in zip(source.columns, source.types, strict=True)
        )
        return con.sql(f"select {shown} from source").to_arrow_table()
    finally:
        con.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_text(name: str, kind: str, is_date: bool) -> str:
    """The SQL that writes a Parquet column of a DuckDB type as a CSV cell would hold it.

    Floats by their shortest decimal text, decimals without zeros beyond two places, instants in
    UTC; in a date column a timestamp at midnight is that date.
    """
    text = f"cast({name} as varchar)"
    if kind in ("FLOAT", "DOUBLE"):
        return f"regexp_replace({text}, '\\.0$', '')"
    if kind.startswith("DECIMAL"):
        return f"regexp_replace({text}, '(\\.[0-9]{{2}}[0-9]*?)0+$', '\\1')"
    if kind == "BLOB":
        return f"nullif(decode({name}), '')"
    if not kind.startswith("TIMESTAMP"):
        return f"nullif({text}, '')"
    zone = "Z" if kind == "TIMESTAMP WITH TIME ZONE" else ""
    moment = name if zone else f"cast({name} as timestamp)"
    written = f"strftime({moment}, '%Y-%m-%dT%H:%M:%S.%f{zone}')"
    if not is_date:
        return written
    day = f"strftime({moment}, '%Y-%m-%d')"
    return f"case when {written} like '%T00:00:00.000000%' then {day} else {written} end"
