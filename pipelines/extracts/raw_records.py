"""Records of a text file as they stand in it, by the line that the extracts gave them.

Belongs here: finding a few records in a large file, which streams past and is not parsed. What is
in them is not looked at; a Parquet file or a workbook has no text to show.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from pipelines.book.file_form import PLAIN, FileForm

PIECE = 1 << 23
NEWLINE, RETURN = 10, 13
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Ends = NDArray[np.int64]


def is_text(path: Path) -> bool:
    """Whether a file's records are lines of text."""
    return not path.name.lower().endswith((".parquet", ".xlsx"))


def read_raw_records(path: Path, lines: Collection[int], form: FileForm = PLAIN) -> dict[int, str]:
    """The records at these lines, decoded, each without its line end.

    In: a text file, plain or gzipped; lines as contract 1 counts them (the header is 1, a record of
    several lines is one, blank lines are none); how the file is read. Out: by line; a line that the
    file does not have is left out. A file that is no such text: OSError or ValueError.
    """
    before = form.skip_lines
    wanted = sorted(line - before for line in lines if line > before)
    found: dict[int, str] = {}
    passed = 0
    for piece, ends in _pieces(path, form):
        if not wanted:
            break
        count = _count_plain(piece) if ends is None else len(_starts(piece, ends)[0])
        if passed + count >= wanted[0]:
            starts, stops = _starts(piece, _line_ends(piece) if ends is None else ends)
            while wanted and wanted[0] <= passed + count:
                at = wanted[0] - passed - 1
                record = piece[starts[at] : stops[at]].removesuffix(b"\n").removesuffix(b"\r")
                found[wanted.pop(0) + before] = record.decode("utf-8")
        passed += count
    return found


def _open(path: Path) -> IO[bytes]:
    is_zipped = path.name.lower().endswith(".gz")
    return cast(IO[bytes], gzip.open(path)) if is_zipped else path.open("rb")


def _pieces(path: Path, form: FileForm) -> Iterator[tuple[bytes, Ends | None]]:
    """The file in pieces of whole records, in UTF-8, and where these end.

    None stands for a piece without quotes, whose records are its lines.
    """
    quote = form.quote.encode()
    with _open(path) as source:
        text = _decoded(source, form.encoding)
        rest = text.read(len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK)
        skipped = 0
        while read := text.read(PIECE):
            rest += read
            while skipped < form.skip_lines and b"\n" in rest:
                rest, skipped = rest.partition(b"\n")[2], skipped + 1
            if skipped < form.skip_lines:
                continue
            ends = _ends(rest, form) if quote and quote in rest else None
            last = rest.rfind(b"\n") + 1 if ends is None else int(max([0, *ends[-1:]]))
            if last:
                yield rest[:last], ends
                rest = rest[last:]
        if rest:
            yield rest + b"\n", _ends(rest + b"\n", form)


def _decoded(source: IO[bytes], encoding: str) -> IO[bytes]:
    """The file's bytes as UTF-8."""
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig"):
        return source
    return cast(IO[bytes], _Recoded(io.TextIOWrapper(source, encoding=encoding, newline="")))


class _Recoded:
    """A text file read as UTF-8 bytes."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode("utf-8")


def _count_plain(piece: bytes) -> int:
    """How many records a piece without quotes has: its lines that are not blank."""
    cells = np.frombuffer(piece, np.uint8)
    is_end = cells == NEWLINE
    blank = int(np.count_nonzero(is_end[1:] & is_end[:-1])) + int(is_end[0])
    if b"\r" in piece:
        framed = np.concatenate(([NEWLINE], cells))
        ends = framed == NEWLINE
        blank += int(np.count_nonzero(ends[2:] & (framed[1:-1] == RETURN) & ends[:-2]))
    return int(np.count_nonzero(is_end)) - blank


def _line_ends(piece: bytes) -> Ends:
    ends: Ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == NEWLINE) + 1
    return ends


def _starts(piece: bytes, ends: Ends) -> tuple[Ends, Ends]:
    """Where the records start and end, blank lines left out."""
    cells = np.frombuffer(piece, np.uint8)
    starts = np.concatenate(([0], ends[:-1])).astype(np.int64)[: len(ends)]
    sizes = ends - starts
    is_record = (sizes > 2) | ((sizes == 2) & (cells[starts] != RETURN))
    return starts[is_record], ends[is_record]


def _ends(piece: bytes, form: FileForm) -> Ends:
    """Where the records of a piece end, which starts with one: line ends outside quoted cells."""
    cells, ends = np.frombuffer(piece, np.uint8), _line_ends(piece)
    if not form.quote:
        return ends
    if len(form.quote.encode()) > 1 or len(form.delimiter.encode()) > 1:
        return _ends_one_by_one(piece, form)
    mark, between = ord(form.quote), ord(form.delimiter)
    quotes = np.flatnonzero(cells == mark)
    opening = quotes[::2]
    # A quote that opens stands first in its cell, or follows the one that it doubles.
    before = cells[np.maximum(opening - 1, 0)]
    if not np.all((opening == 0) | np.isin(before, (mark, between, NEWLINE))):
        return _ends_one_by_one(piece, form)
    outside: Ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return outside


def _ends_one_by_one(piece: bytes, form: FileForm) -> Ends:
    """As `_ends`, where a quote stands inside an unquoted cell, as an ordinary character."""
    quote, between = (re.escape(mark.encode()) for mark in (form.quote, form.delimiter))
    cell = rb"(?>%b(?:[^%b]|%b%b)*+%b|(?!%b))" % ((quote,) * 6)
    rest = rb"(?:(?!%b)[^\n])*+" % between
    record = re.compile(rb"(?>(?:%b%b%b)*+)%b%b\n" % (cell, rest, between, cell, rest))
    found: list[int] = []
    at = 0
    while (match := record.match(piece, at)) is not None:
        at = match.end()
        found.append(at)
    return np.array(found, np.int64)
