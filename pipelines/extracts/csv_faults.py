"""Why a CSV file cannot be read: the line, the record and the column, and what to do.

Belongs here: a second, slower look at a file that is known to be wrong, and lines as an editor
counts them. ValueErrors are made, and no cell's content stands in them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.book.file_form import FileForm
from pipelines.extracts.csv_bytes import LONGEST_RECORD, CsvBytes, take_long_cells, too_long
from schemas.cells import BLANKS

# What a byte that cannot be decoded becomes, so that its place can be told.
UNDECODED = re.compile("[\udc80-\udcff]+")
UNDECODED_CODEC = "surrogateescape"
# Bytes that windows-1252 does not have, but code pages of DOS use for letters.
DOS_BYTES = b"\x81\x8d\x8f\x90\x9d"
# Of a longer record the line is told, and not the column.
MOST_KEPT = 1 << 22
# A footer has fewer records than this.
FOOTER = 10
BAD_QUOTES = "a quote in it is not written twice, or not closed; export the file anew"
CUT_OFF = "it was cut off, or a quote is not closed"


@dataclass
class _Lines:
    """The lines of a file, of which those of the record in hand are kept, if they are not many."""

    source: Iterator[str]
    passed: int
    kept: list[str] = field(default_factory=list)
    length: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.source:
            self.passed += 1
            self.length += len(line)
            if self.length <= MOST_KEPT:
                self.kept.append(line)
            if self.length >= LONGEST_RECORD:
                raise csv.Error("too long")
            yield line

    def forget(self) -> int:
        """Begin a new record; out: the line that it begins in."""
        self.kept, self.length = [], 0
        return self.passed + 1


@dataclass(frozen=True)
class Place:
    """A record: the line that it begins in, as an editor counts, and as contract 1 does."""

    line: int
    record: int

    def __str__(self) -> str:
        if self.line == self.record:
            return f"line {self.line}"
        return f"line {self.line} (record {self.record})"


def explain_fault(path: Path, header: list[str], form: FileForm, told: str) -> ValueError:
    """What is wrong with a file, as a ValueError.

    In: the names of its columns, and what is told where the second look finds nothing.
    """
    try:
        with _read_lines(path, form) as lines:
            found = _find_fault(lines, header, form)
    except UnicodeError:
        found = f"it is not {form.encoding} throughout; name its encoding in mapping.toml"
    return ValueError(found or next(iter(told.splitlines()), "it is not CSV"))


@contextmanager
def _read_lines(path: Path, form: FileForm) -> Iterator[_Lines]:
    """The lines from the header on, whose cells may have any length."""
    take_long_cells()
    with CsvBytes(path, form, is_lenient=True) as source:
        text = io.TextIOWrapper(
            io.BufferedReader(source), encoding="utf-8", errors=UNDECODED_CODEC, newline=""
        )
        yield _Lines(iter(lambda: text.readline(LONGEST_RECORD), ""), form.skip_lines)


def first_records(
    path: Path, form: FileForm, count: int, is_strict: bool = False
) -> list[tuple[int, list[str]]]:
    """A file's first records that are not empty, each with the line that it begins in.

    With `is_strict`, csv.Error where their quotes are wrong.
    """
    with _read_lines(path, form) as lines:
        return list(islice(_number_records(lines, form, is_strict), count))


def _number_records(
    lines: _Lines, form: FileForm, is_strict: bool
) -> Iterator[tuple[int, list[str]]]:
    line = lines.forget()
    for cells in csv.reader(
        iter(lines), delimiter=form.delimiter, quotechar=form.quote, strict=is_strict
    ):
        if any(cell.strip(_blanks(form)) for cell in cells):
            yield line, cells
        line = lines.forget()


def find_lines(path: Path, form: FileForm, records: list[int]) -> dict[int, int]:
    """The line, as an editor counts, that each of some records begins in.

    In: the file, and lines as contract 1 counts them. What is not there is not in the answer.
    """
    wanted, found = set(records), dict[int, int]()
    with _read_lines(path, form) as lines:
        record, line = form.skip_lines + 1, lines.forget()
        for cells in csv.reader(iter(lines), delimiter=form.delimiter, quotechar=form.quote):
            if cells and record in wanted:
                found[record] = line
                if len(found) == len(wanted):
                    break
            record, line = record + bool(cells), lines.forget()
    return found


def _find_fault(lines: _Lines, header: list[str], form: FileForm) -> str | None:
    ragged: list[str] = []
    place = Place(lines.forget(), form.skip_lines + 1)
    reader = csv.reader(iter(lines), delimiter=form.delimiter, quotechar=form.quote, strict=True)
    try:
        for cells in reader:
            fault = _find_undecoded(place, cells, header, form)
            if fault:
                return fault
            if len(cells) != len(header) and any(cell.strip(_blanks(form)) for cell in cells):
                ragged.append(f"{place}: {_count(cells)}, must be {len(header)}")
                if len(ragged) > form.skip_footer:
                    why = _why_ragged("".join(lines.kept), header, form)
                    return ragged[0] + (why or _advise_ragged(reader, header))
            place = Place(lines.forget(), place.record + bool(cells))
    except csv.Error:
        return _explain_quotes(lines, place, header, form)
    return ragged[0] if ragged else None


def _blanks(form: FileForm) -> str:
    return BLANKS if form.trim else ""


def _count(cells: list[str]) -> str:
    return "1 cell" if len(cells) == 1 else f"{len(cells)} cells"


def _why_ragged(record: str, header: list[str], form: FileForm) -> str:
    if "\0" in record:
        return "; it holds zero bytes: the file was damaged, export it anew"
    for other, name in ((";", ";"), ("\t", "a tab"), ("|", "|")):
        if other != form.delimiter and record.count(other) + 1 == len(header) > 1:
            return f"; the delimiter seems to be {name} in this line"
    return ""


def _advise_ragged(following: Iterator[list[str]], header: list[str]) -> str:
    """What to do about a record of another width; at a file's end it may be no record."""
    last = list(islice(following, FOOTER))
    if len(last) < FOOTER and not any(len(cells) == len(header) for cells in last):
        return "; if it is a footer, take it out or set skip_footer in mapping.toml"
    return "; correct it or export the file anew"


def _find_undecoded(
    place: Place, cells: list[str], header: list[str], form: FileForm
) -> str | None:
    for position, cell in enumerate(cells):
        found = UNDECODED.search(cell)
        if found:
            data = cell.encode("utf-8", UNDECODED_CODEC)
            first = found.group().encode("utf-8", UNDECODED_CODEC)[0]
            where = f"{place}, {_column(position, header)}"
            if form.encoding.lower() not in ("utf-8", "utf8", "utf-8-sig"):
                return f"{where}: the byte 0x{first:02X} is not {form.encoding}"
            return f"{where}: the byte 0x{first:02X} is not UTF-8{_guess_encoding(data)}"
    return None


def _column(position: int, header: list[str]) -> str:
    name = header[position] if position < len(header) else ""
    shown = UNDECODED.sub("\N{REPLACEMENT CHARACTER}", name)[:60]
    return f"column {position + 1} ({shown})" if shown else f"column {position + 1}"


def _guess_encoding(data: bytes) -> str:
    """What a cell that is not UTF-8 may be written in."""
    high = [byte for byte in data if byte > 127]
    if any(byte in DOS_BYTES for byte in high):
        return "; it looks like a DOS code page (cp850): export the file as UTF-8"
    text = bytes(high).decode("windows-1252", "replace")
    if sum(char.isalpha() for char in text) * 2 >= len(text):
        return (
            "; it looks like windows-1252: export the file as UTF-8, "
            'or set encoding = "windows-1252" in mapping.toml'
        )
    return "; the file is damaged or of another encoding: export it as UTF-8"


def _explain_quotes(lines: _Lines, place: Place, header: list[str], form: FileForm) -> str:
    """Where in a record the parser could not go on, and why."""
    if lines.length > MOST_KEPT:
        is_open = lines.length >= LONGEST_RECORD
        told = f"the record is {too_long()}, or a quote is not closed" if is_open else BAD_QUOTES
        return f"{place}: {told}"
    quote, record = form.quote, "".join(lines.kept)
    q, d = re.escape(quote), re.escape(form.delimiter)
    cell = re.compile(f"{q}(?:[^{q}]|{q}{q})*+{q}|[^{q}{d}\r\n][^{d}\r\n]*+|")
    at, position = 0, 0
    while True:
        found = cell.match(record, at)
        end = found.end() if found else at
        if not record.startswith(form.delimiter, end):
            break
        at, position = end + 1, position + 1
    line = place.line + len(re.findall("\r\n|\n|\r", record[:end]))
    where = f"{Place(line, place.record)}, {_column(position, header)}"
    if record.startswith(quote, at) and end > at:
        return (
            f"{where}: a quote ({quote}) inside a quoted cell must be written twice; "
            f"correct it or export the file anew"
        )
    return f"{where}: it ends inside a quoted cell: {CUT_OFF}"
