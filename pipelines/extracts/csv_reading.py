"""A CSV file, plain or gzipped, as a frame of text cells (contract 1, the book).

Belongs here: what a CSV file looks like and where it is broken; ValueError says it. Which columns a
table has is not looked at.
"""

from __future__ import annotations

import csv
import gzip
import io
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.csv as pc

# A last record of our own, to see that the file did not end inside a quoted cell.
END = "\x02end of file\x03"
# A record may not be longer than the block it is read in: the second try is for very long ones.
BLOCK, LONG_BLOCK = 1 << 23, 1 << 30


def read_csv_header(path: Path) -> list[str]:
    """The names in the first line that is not blank; ValueError when there is none."""
    with _open(path) as source:
        text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
        header = next((record for record in csv.reader(text) if record), None)
    if header is None:
        raise ValueError("it is empty; a header row is needed even where there are no rows")
    return header


def read_csv_cells(path: Path, header: list[str]) -> pa.Table:
    """Every record after the header as text cells, null where empty.

    ValueError names the line of a record with too few or too many cells; it says when the file ends
    inside a quoted cell.
    """
    try:
        frame = _parse(path, len(header), BLOCK)
    except pa.ArrowInvalid as error:
        if "straddling" not in str(error):
            raise _explained(path, len(header), error) from error
        frame = _parse_long(path, len(header))
    last = frame.slice(frame.num_rows - 1).to_pylist()
    if not last or set(last[0].values()) != {END}:
        raise ValueError("it ends inside a quoted cell: it was cut off, or a quote is not closed")
    # The first record is the header itself.
    return frame.slice(1, frame.num_rows - 2).rename_columns(header)


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


def _parse_long(path: Path, width: int) -> pa.Table:
    try:
        return _parse(path, width, LONG_BLOCK)
    except pa.ArrowInvalid as error:
        raise _explained(path, width, error) from error


def _parse(
    path: Path, width: int, block: int, found: list[pc.InvalidRow] | None = None
) -> pa.Table:
    """The file's records, ours behind them; with `found`, what is wrong with the first bad one."""

    def refuse(bad: pc.InvalidRow) -> str:
        if found is not None:
            found.append(bad)
        return "error"

    names = [str(position) for position in range(width)]
    with _open(path) as source:
        return pc.read_csv(
            pa.PythonFile(_EndMarked(source, width), mode="r"),
            # Only one thread at a time knows which record it is at.
            read_options=pc.ReadOptions(
                column_names=names, block_size=block, use_threads=found is None
            ),
            parse_options=pc.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            convert_options=pc.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )


def _explained(path: Path, width: int, error: pa.ArrowInvalid) -> ValueError:
    """The reader's error in our words: with the record's line, and without what stands in it."""
    if "straddling" in str(error):
        return ValueError(f"a record is longer than {LONG_BLOCK} bytes, or a quote is not closed")
    bad: list[pc.InvalidRow] = []
    with suppress(pa.ArrowInvalid):
        _parse(path, width, LONG_BLOCK, bad)
    if not bad:
        return ValueError(str(error).splitlines()[0])
    if END in bad[0].text:
        return ValueError("it ends inside a quoted cell: it was cut off, or a quote is not closed")
    cells = "1 cell" if bad[0].actual_columns == 1 else f"{bad[0].actual_columns} cells"
    return ValueError(f"line {bad[0].number}: {cells}, must be {width}")


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
