"""How a file that does not fit seems to be written: for the draft of a mapping (contract 5).

Belongs here: its delimiter, encoding, header and first rows, as far as they can be guessed. Nothing
is read otherwise because of them.
"""

from __future__ import annotations

import codecs
import csv
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.book.drop_files import TEXTS, ending_of
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.book.regular_files import name_irregular
from pipelines.extracts.csv_bytes import CsvBytes
from pipelines.extracts.csv_faults import DOS_BYTES, first_records
from pipelines.extracts.file_reading import FileOfDrop
from pipelines.extracts.header_faults import DELIMITERS, TOP, find_header, find_header_line
from pipelines.extracts.shapes import SHAPES
from pipelines.stop import Stop

LOOKED_AT = 1 << 20
MOST_COLUMNS = 200
FAULTS = (OSError, ValueError, EOFError, csv.Error, zlib.error, Stop)


@dataclass(frozen=True)
class FileLook:
    """How a file seems to be written, the names in its header, and its first rows as text."""

    form: FileForm
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names, each once."""
        return [name for name in dict.fromkeys(self.header) if name][:MOST_COLUMNS]

    def cells(self, theirs: str) -> list[str]:
        """The first cells of a column that are not empty."""
        place = self.header.index(theirs)
        return [row[place] for row in self.rows if place < len(row) and row[place]]


def look_at_file(path: Path, owner: str | None) -> FileLook | None:
    """What a file seems to be like, of which the table is given where it is known.

    Out: nothing where it cannot be looked into.
    """
    with suppress(*FAULTS):
        if name_irregular(path) is None:
            return _look_into(path, owner)
    return None


def _look_into(path: Path, owner: str | None) -> FileLook:
    ending = ending_of(path.name)
    if not ending and not path.name.lower().endswith(TEXTS):
        raise ValueError(f"{path.name} has no form that is known")
    if ending in (".parquet", ".xlsx"):
        return FileLook(PLAIN, FileOfDrop(path, ending[1:]).read_header())
    look = _look_into_text(path, owner)
    records = first_records(path, look.form, TOP)
    return replace(look, rows=[cells for _, cells in records[1:]])


def _look_into_text(path: Path, owner: str | None) -> FileLook:
    form = replace(PLAIN, encoding=_guess_encoding(path))
    if owner is not None:
        cells = SHAPES[owner].cells
        required = [name for name, cell in cells.items() if cell.required]
        guess = find_header(path, form, required, list(cells))
        if guess is not None:
            skipped = 0 if guess.line == find_header_line(path, form) else guess.line - 1
            return FileLook(
                replace(form, delimiter=guess.delimiter, skip_lines=skipped), guess.names
            )
    looks = []
    for delimiter in DELIMITERS:
        records = first_records(path, replace(form, delimiter=delimiter), TOP)
        widths = Counter(len(cells) for _, cells in records)
        width, count = max(widths.items(), key=lambda each: (each[1] * (each[0] > 1), each[0]))
        line, header = next(record for record in records if len(record[1]) == width)
        skipped = line - 1 if line > records[0][0] else 0
        found = FileLook(replace(form, delimiter=delimiter, skip_lines=skipped), header)
        looks.append((width > 1, count / len(records), width, found))
    return max(looks, key=lambda look: look[:3])[3]


def _guess_encoding(path: Path) -> str:
    """By the first bytes, of which the last character may have been cut in two."""
    with CsvBytes(path, replace(PLAIN, encoding="latin-1")) as source:
        head = source.read(LOOKED_AT).decode("utf-8", errors="ignore").encode("latin-1")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp850" if any(byte in DOS_BYTES for byte in head) else "windows-1252"
    return PLAIN.encoding
