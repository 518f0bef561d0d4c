"""Arrow's CSV parser over a file's bytes: every record of the header's width, as text.

Belongs here: what has to be known of that parser. What the records mean is in `csv_reading`.
"""

from __future__ import annotations

import codecs
import io
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from pipelines.book.file_form import FileForm
from pipelines.extracts.csv_bytes import LONGEST_RECORD, CsvBytes, too_long
from pipelines.extracts.quotes import BadQuotes, QuoteScan
from schemas.cells import BLANKS

# A record may not be longer than the block it is read in: the second try is for very long ones.
BLOCK, LONG_BLOCK = 1 << 23, LONGEST_RECORD
# Seconds that the parser has to let go of a file.
PATIENCE = 10


class RaggedRecord(ValueError):
    """A record that has more or fewer cells than the header."""


@dataclass
class Parsed:
    """What the parser gave: records of the header's width, and the numbers of those it left out.

    `empty` are records of another width whose cells are all empty, `ragged` others with how many
    cells they have; both count every record from 1.
    """

    cells: pa.Table
    empty: list[int] = field(default_factory=list)
    ragged: list[tuple[int, int]] = field(default_factory=list)


def parse_records(path: Path, width: int, form: FileForm) -> Parsed:
    """Every record of a file, the header too; columns are named by their position.

    At most `skip_footer` ragged ones are left out. Errors: pa.ArrowInvalid, BadQuotes and whatever
    `CsvBytes` says.
    """
    for block in (BLOCK, LONG_BLOCK):
        try:
            return Parsed(_read(path, width, form, block))
        except pa.ArrowInvalid as error:
            told = str(error)
            if told.startswith("CSV parse error"):
                # By one thread, which knows at which record it is.
                return _read_in_order(path, width, form)
            if told.startswith("Empty CSV file"):
                nothing = pa.array([], pa.string())
                return Parsed(pa.table({str(at): nothing for at in range(width)}))
            if "straddling" not in told:
                raise
    raise BadQuotes(f"a record is {too_long()}, or a quote is not closed")


def _read_in_order(path: Path, width: int, form: FileForm) -> Parsed:
    found = Parsed(pa.table({}))

    def pass_over(bad: pyarrow.csv.InvalidRow) -> str:
        if _is_empty(bad.text, form):
            found.empty.append(bad.number)
        else:
            found.ragged.append((bad.number, bad.actual_columns))
        return "skip" if len(found.ragged) <= form.skip_footer else "error"

    found.cells = _read(path, width, form, LONG_BLOCK, pass_over)
    return found


def _is_empty(text: str, form: FileForm) -> bool:
    blanks = BLANKS if form.trim else "\r\n"
    cells = text.split(form.delimiter)
    return all(cell.strip(blanks) in ("", form.quote * 2) for cell in cells)


Handle = Callable[[pyarrow.csv.InvalidRow], str]


def _read(
    path: Path, width: int, form: FileForm, block: int, handle: Handle | None = None
) -> pa.Table:
    """Every record of the header's width; the others are handled, one thread then reads."""
    with CsvBytes(path, form) as source:
        watch = _Watch()
        try:
            return _parse(source, form, watch, width, block, handle)
        finally:
            watch.wait()
            if watch.fault is not None:
                raise watch.fault


def _parse(
    source: CsvBytes, form: FileForm, watch: _Watch, width: int, block: int, handle: Handle | None
) -> pa.Table:
    # Nobody but the parser holds on to what it is handed.
    names = [str(position) for position in range(width)]
    return pyarrow.csv.read_csv(
        pa.PythonFile(_Scanned(source, form, watch, handle is not None), mode="r"),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, block_size=block, use_threads=handle is None
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=form.delimiter,
            quote_char=form.quote,
            newlines_in_values=True,
            invalid_row_handler=_Handler(handle, watch) if handle else None,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


class _Watch:
    """What went wrong while the parser read, and whether it has let go of what it was handed.

    One of its own threads lets go, and kills the process if that has come to its end by then.
    """

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self._threads: set[int] = set()
        self._held = 0
        self._is_let_go = threading.Event()

    def follow(self, handed: object) -> None:
        """The parser is handed this."""
        self._held += 1
        weakref.finalize(handed, self._let_go)

    def _let_go(self) -> None:
        self._threads.add(threading.get_ident())
        self._held -= 1
        if self._held == 0:
            self._is_let_go.set()

    def wait(self) -> None:
        """Until the threads that let go have no more to do here."""
        if self._is_let_go.wait(PATIENCE):
            while (self._threads - {threading.get_ident()}) & sys._current_frames().keys():
                time.sleep(0.001)


class _Handler:
    """A function for records of another width."""

    def __init__(self, handle: Handle, watch: _Watch) -> None:
        self._handle = handle
        watch.follow(self)

    def __call__(self, bad: pyarrow.csv.InvalidRow) -> str:
        return self._handle(bad)


class _Scanned(io.RawIOBase):
    """A source whose quotes are followed as it is read; it seems to end at a fault.

    Where records are handled it must be UTF-8: a handler is never told of one that is not.
    """

    def __init__(self, source: CsvBytes, form: FileForm, watch: _Watch, is_handled: bool) -> None:
        self._source, self._watch = source, watch
        self._decoder = codecs.getincrementaldecoder("utf-8")() if is_handled else None
        self._scan = QuoteScan(form.delimiter, form.quote, LONGEST_RECORD)
        watch.follow(self)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._watch.fault is not None:
            return b""
        try:
            data = self._read(size)
            if data:
                self._scan.feed(data)
            else:
                self._scan.finish()
        except Exception as error:
            # Its traceback would hold on to this file.
            self._watch.fault = error.with_traceback(None)
            return b""
        return data

    def _read(self, size: int) -> bytes:
        if self._decoder is None:
            return self._source.read(size)
        while True:
            # A character that is cut in two waits for its other half, of at most three bytes.
            data = self._source.read(max(1, size - 3))
            whole = self._decoder.decode(data, final=not data).encode()
            if whole or not data:
                return whole
