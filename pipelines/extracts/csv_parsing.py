"""Arrow's CSV parser over a file's bytes: every record of the header's width, as text, in batches.

Belongs here: what has to be known of that parser. What the records mean is in `csv_reading`.
"""

from __future__ import annotations

import codecs
import io
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from pipelines.book.file_form import FileForm
from pipelines.extracts.csv_bytes import LONGEST_RECORD, CsvBytes, too_long
from pipelines.extracts.csv_quotes import BadQuotes, QuoteScan
from schemas.cells import BLANKS

# A record may not be longer than the block it is read in: the second try is for very long ones.
BLOCK, LONG_BLOCK = 1 << 23, LONGEST_RECORD
# How the parser says what is looked at once more, or is no fault.
MENDED = ("CSV parse error", "Empty CSV file")
# Seconds that the parser has to let go of a file.
PATIENCE = 10


class RaggedRecord(ValueError):
    """A record that has more or fewer cells than the header."""


@dataclass
class PassedOver:
    """The numbers of the records that the parser has left out so far, from 1, in their order.

    `empty` are records of another width than the header's whose cells are all empty, `ragged`
    others with how many cells they have.
    """

    empty: list[int] = field(default_factory=list)
    ragged: list[tuple[int, int]] = field(default_factory=list)


def parse_records(
    path: Path, width: int, form: FileForm, passed: PassedOver
) -> Iterator[pa.RecordBatch]:
    """Every record of a file, the header too; columns are named by their position.

    Records that are left out are noted in `passed` before a later one is given; at most
    `skip_footer` of them are ragged. Errors: pa.ArrowInvalid, BadQuotes and whatever `CsvBytes`
    says.
    """
    given = 0
    for block in (BLOCK, LONG_BLOCK):
        try:
            for batch in _behind(_read(path, width, form, block), given):
                yield batch
                given += batch.num_rows
            return
        except pa.ArrowInvalid as error:
            told = str(error)
            if not told.startswith(MENDED) and "straddling" not in told:
                raise
        if told.startswith("Empty CSV file"):
            return
        if told.startswith("CSV parse error"):
            # By one thread, which knows at which record it is.
            handle = _note_passed(passed, form)
            yield from _behind(_read(path, width, form, LONG_BLOCK, handle), given)
            return
    raise BadQuotes(f"a record is {too_long()}, or a quote is not closed")


def _behind(batches: Iterator[pa.RecordBatch], given: int) -> Iterator[pa.RecordBatch]:
    """The batches without the first records, which another try has given."""
    for batch in batches:
        again = min(given, batch.num_rows)
        given -= again
        if again < batch.num_rows:
            yield batch.slice(again)


def _note_passed(passed: PassedOver, form: FileForm) -> Handle:
    def pass_over(bad: pyarrow.csv.InvalidRow) -> str:
        if _is_empty(bad.text, form):
            passed.empty.append(bad.number)
        else:
            passed.ragged.append((bad.number, bad.actual_columns))
        return "skip" if len(passed.ragged) <= form.skip_footer else "error"

    return pass_over


def _is_empty(text: str, form: FileForm) -> bool:
    blanks = BLANKS if form.trim else "\r\n"
    cells = text.split(form.delimiter)
    return all(cell.strip(blanks) in ("", form.quote * 2) for cell in cells)


Handle = Callable[[pyarrow.csv.InvalidRow], str]


def _read(
    path: Path, width: int, form: FileForm, block: int, handle: Handle | None = None
) -> Iterator[pa.RecordBatch]:
    """Every record of the header's width; the others are handled, one thread then reads."""
    with CsvBytes(path, form) as source:
        watch = _Watch()
        try:
            yield from _parse(source, form, watch, width, block, handle)
        except pa.ArrowInvalid:
            if watch.fault is None:
                raise
        finally:
            watch.wait()
        if watch.fault is not None:
            raise watch.fault


def _parse(
    source: CsvBytes, form: FileForm, watch: _Watch, width: int, block: int, handle: Handle | None
) -> Iterator[pa.RecordBatch]:
    reader = _open(source, form, watch, width, block, handle)
    try:
        while True:
            yield reader.read_next_batch()
    except StopIteration:
        return
    finally:
        # An error's traceback would hold on to it.
        del reader


def _open(
    source: CsvBytes, form: FileForm, watch: _Watch, width: int, block: int, handle: Handle | None
) -> pyarrow.csv.CSVStreamingReader:
    # Nobody but the parser holds on to what it is handed.
    names = [str(position) for position in range(width)]
    return pyarrow.csv.open_csv(
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
