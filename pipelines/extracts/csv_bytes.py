"""A CSV file's bytes as UTF-8 from its header on, whatever it is packed and written in.

Belongs here: gzip, encodings, the lines before the header, what is no CSV at all, and how much a
small file may hold. Records and cells are looked at by `csv_reading`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from pathlib import Path
from typing import BinaryIO, cast

from pipelines.book.file_form import FileForm
from pipelines.book.regular_files import open_regular

# The limits that docs/operations.md lists: no export comes near them.
MOST_EXPANSION = 100
FREE_EXPANSION = 1 << 28
LONGEST_RECORD = 1 << 26
PIECE = 1 << 20
LINE_END = re.compile(rb"\r\n|\n|\r")
# What other kinds of file begin with, and what somebody who has one can do.
FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or another zip file: save it as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as CSV (UTF-8)"),
    (b"PAR1", "a Parquet file: give its name the ending .parquet"),
    (b"\x1f\x8b", "a gzip file: give its name the ending .csv.gz"),
    (b"%PDF", "a PDF: export the table as CSV (UTF-8)"),
    (b"BZh", "a bzip2 file: unpack it"),
    (b"\xfd7zXZ", "an xz file: unpack it"),
    (b"7z\xbc\xaf", "a 7z file: unpack it"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unpack it"),
    (b"SQLite format 3", "a SQLite database: export the table as CSV (UTF-8)"),
)
MARKUP = re.compile(rb"\s*<(!doctype|html|table|head|body|meta|\?xml|workbook)\b", re.IGNORECASE)
JSON = re.compile(rb"\s*(\{\s*\"[^\"]*\"\s*:|\[\s*(\{|\[|\]))")


def take_long_cells() -> None:
    """Have Python's reader take cells of any length in this process, from now on.

    One limit holds for all threads, others of which may be reading: it is never lowered again.
    """
    csv.field_size_limit(LONGEST_RECORD)


class CsvBytes(io.RawIOBase):
    """A file's bytes in UTF-8, without byte-order mark and the lines that the form leaves out.

    ValueError says what is wrong with them, OSError that they cannot be got. With `is_lenient`,
    bytes that the form's encoding does not have are handed on as they are.
    """

    def __init__(self, path: Path, form: FileForm, is_lenient: bool = False) -> None:
        self._file = open_regular(path)
        self._errors = "surrogateescape" if is_lenient else "strict"
        try:
            self._decoder = _decoder(form, self._errors)
            self._source = _unpacked(self._file, path)
            self._is_packed = self._source is not self._file
            self._given = 0
            self._raw = self._source.read(PIECE)
            check_kind(self._raw, self._is_packed)
            if self._decoder is None:
                _check_width(self._raw, self._is_packed)
            self._next = b""
            self._next = self._without_top(form.skip_lines)
        except BaseException:
            self._file.close()
            raise

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        """Close the file beneath too."""
        self._file.close()
        super().close()

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none only at the end."""
        if not self._next:
            self._next = self._read(size if size > 0 else PIECE)
        if size < 0 or len(self._next) <= size:
            data, self._next = self._next, b""
        else:
            data, self._next = self._next[:size], self._next[size:]
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As `read`, into a buffer of the caller's."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        while True:
            data, self._raw = self._raw or self._source.read(size), b""
            self._given += len(data)
            if self._is_packed:
                self._check_expansion()
            if self._decoder is None:
                return data
            text = self._decoder.decode(data, final=not data)
            if text or not data:
                return text.encode("utf-8", self._errors)

    def _check_expansion(self) -> None:
        if self._given > FREE_EXPANSION and self._given > MOST_EXPANSION * self._file.tell():
            raise ValueError(
                f"it unpacks to more than {MOST_EXPANSION} times its size "
                f"(the limit beyond {FREE_EXPANSION >> 20} MiB): export it anew, or unpack it"
            )

    def _without_top(self, skip_lines: int) -> bytes:
        """The first piece behind the byte-order mark and the lines before the header."""
        head = self._read(PIECE).removeprefix(codecs.BOM_UTF8)
        start = 0
        for passed in range(skip_lines):
            end = LINE_END.search(head, start)
            # A line end that is the last byte may have its second half in the next piece.
            while end is None or end.end() == len(head):
                more = self._read(PIECE)
                if not more:
                    break
                head, start = head[start:] + more, 0
                if len(head) > LONGEST_RECORD:
                    raise ValueError(f"line {passed + 1} is {too_long()}")
                end = LINE_END.search(head, start)
            if end is None:
                raise ValueError(f"it has fewer lines than skip_lines = {skip_lines}")
            start = end.end()
        return head[start:]


def too_long() -> str:
    """How a message says that a record is longer than the limit."""
    return f"longer than {LONGEST_RECORD >> 20} MiB (the limit)"


def check_kind(head: bytes, is_packed: bool) -> None:
    """ValueError when a file that begins so is of another kind than CSV."""
    inside = "the file in it" if is_packed else "it"
    for start, kind in FOREIGN:
        if head.startswith(start):
            raise ValueError(f"{inside} is {kind}")
    if MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        raise ValueError(f"{inside} is a web page or XML, not CSV: export the table as CSV (UTF-8)")
    if JSON.match(head.removeprefix(codecs.BOM_UTF8)):
        raise ValueError(f"{inside} is JSON, not CSV: export the table as CSV (UTF-8)")


def _check_width(head: bytes, is_packed: bool) -> None:
    encoding = _wide_encoding(head)
    if encoding is not None:
        inside = "the file in it" if is_packed else "it"
        raise ValueError(
            f"line 1: {inside} is not UTF-8 but {encoding}: save it as CSV UTF-8, "
            f'or set encoding = "{encoding}" in mapping.toml'
        )


def _wide_encoding(head: bytes) -> str | None:
    """The encoding of a file whose every second byte or so is zero."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:1000]
    even, odd = sample[0::2], sample[1::2]
    for name, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if (
            len(zeros) > 3
            and zeros.count(0) > 0.7 * len(zeros)
            and letters.count(0) < len(letters) / 4
        ):
            return name
    return None


def _unpacked(file: BinaryIO, path: Path) -> BinaryIO:
    if not path.name.lower().endswith(".gz"):
        return file
    magic = file.read(512)
    file.seek(0)
    if not magic.startswith(b"\x1f\x8b"):
        check_kind(magic, is_packed=False)
        what = "is empty" if not magic else "is no gzip file: if it is plain CSV, name it .csv"
        raise ValueError(f"it {what}")
    return cast(BinaryIO, gzip.GzipFile(fileobj=file))


def _decoder(form: FileForm, errors: str) -> codecs.IncrementalDecoder | None:
    """What makes text of the bytes; None where they are UTF-8 as they stand."""
    try:
        codec = codecs.lookup(form.encoding)
        if codec.name in ("utf-8", "utf-8-sig"):
            return None
        return codecs.getincrementaldecoder(form.encoding)(errors)
    except LookupError as error:
        raise ValueError(f"there is no encoding {form.encoding!r}") from error
