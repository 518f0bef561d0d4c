"""A draft of the mapping for files that do not fit: `upline check` prints it (contract 5).

Belongs here: guesses for a person to judge. Nothing is read otherwise because of them, and a file
that cannot be looked into has no draft.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import json
import zlib
from collections import Counter
from collections.abc import Mapping as Columns
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.book.drop_files import TEXTS, ending_of, find_owner, list_files
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.book.mapping import Mapping
from pipelines.book.regular_files import name_irregular
from pipelines.extracts.csv_bytes import CsvBytes
from pipelines.extracts.csv_faults import DOS_BYTES, first_records
from pipelines.extracts.file_reading import FileOfDrop
from pipelines.extracts.header_faults import (
    DELIMITERS,
    TOP,
    find_header,
    find_header_line,
    plain_name,
)
from pipelines.extracts.shapes import SHAPES
from pipelines.stop import Stop
from schemas.cells import Cell

LOOKED_AT = 1 << 20
NEAR = 0.7
MOST_COLUMNS = 200
FAULTS = (OSError, ValueError, EOFError, csv.Error, zlib.error, Stop)


@dataclass(frozen=True)
class _Look:
    """How a file seems to be written, and the names in its header."""

    form: FileForm
    header: list[str]


def draft_mapping(folder: Path, mapping: Mapping) -> list[str]:
    """The lines of a mapping that would read a drop's files, with a comment on each file.

    In: the drop's folder and the mapping in force. Out: nothing for a file that fits, that the
    mapping reads already, or that cannot be read at all, nor for a drop that is missing.
    """
    if not folder.is_dir():
        return []
    owners = {path: find_owner(path.name, mapping, SHAPES) for path in list_files(folder)}
    taken = {*owners.values(), *mapping.tables, *mapping.queries}
    free = [table for table in SHAPES if table not in taken]
    lines: list[str] = []
    for path, owner in owners.items():
        if owner is not None and (owner not in SHAPES or owner in mapping.tables):
            continue
        with suppress(*FAULTS):
            if name_irregular(path) is None:
                told = _draft_file(path, owner, free)
                lines += ["", *told] if lines and told else told
    return lines


def _draft_file(path: Path, owner: str | None, free: list[str]) -> list[str]:
    look = _look_into(path, owner)
    names = [name for name in dict.fromkeys(look.header) if name][:MOST_COLUMNS]
    table = owner or _guess_table(names, free)
    settings = _settings(path, look.form, owner is None)
    if table is None:
        listed = ", ".join(map(toml_text, names))
        return [f"# {path.name}: comes near no table that the drop lacks; its columns are {listed}",
                *[f"# {line}" for line in settings]]  # fmt: skip
    columns = _draft_columns(table, names)
    if owner is not None and not columns and not settings:
        return []
    seems = f" seems to be {table}" if owner is None else ""
    return [f"# {path.name}{seems}", f"[{table}]", *settings, *columns]


def _draft_columns(table: str, names: list[str]) -> list[str]:
    """The lines on a table's columns; none where all that is required is there and nothing near."""
    cells = SHAPES[table].cells
    near = match_columns(names, cells)
    absent = [name for name, cell in cells.items()
              if cell.required and name not in names and name not in near]  # fmt: skip
    used = {*near.values(), *cells}
    left = [toml_text(name) for name in names if name not in used]
    lines = [f"[{table}.columns]"] if near or absent else []
    lines += [f"{ours} = {toml_text(theirs)}" for ours, theirs in near.items()]
    lines += [f'# {name} = "…"  # required; no column comes near' for name in absent]
    return [*lines, f"# left over: {', '.join(left)}"] if left and absent else lines


def _settings(path: Path, form: FileForm, is_stray: bool) -> list[str]:
    lines = [f"file = {toml_text(path.name)}"] if is_stray else []
    if not ending_of(path.name):
        lines.append('format = "csv"')
    for key in ("encoding", "delimiter"):
        if getattr(form, key) != getattr(PLAIN, key):
            lines.append(f"{key} = {toml_text(getattr(form, key))}")
    return [*lines, f"skip_lines = {form.skip_lines}"] if form.skip_lines else lines


def match_columns(names: list[str], cells: Columns[str, Cell]) -> dict[str, str]:
    """Which of a file's names come nearest to our columns that it has not, each used once."""
    free = [name for name in names if name not in cells]
    pairs = sorted(
        (-_nearness(ours, theirs), at, ours, theirs)
        for at, ours in enumerate(cells)
        if ours not in names
        for theirs in free
    )
    found: dict[str, str] = {}
    for nearness, _, ours, theirs in pairs:
        if -nearness >= NEAR and ours not in found and theirs not in found.values():
            found[ours] = theirs
    return {ours: found[ours] for ours in cells if ours in found}


def _nearness(ours: str, theirs: str) -> float:
    return difflib.SequenceMatcher(None, plain_name(ours), plain_name(theirs[:100])).ratio()


def _guess_table(names: list[str], free: list[str]) -> str | None:
    """The table most of whose columns a header has or comes near; None where none has two."""
    scores = []
    for table in free:
        cells = SHAPES[table].cells
        held = {*match_columns(names, cells), *(name for name in cells if name in names)}
        required = [name for name, cell in cells.items() if cell.required]
        share = sum(name in held for name in required) / len(required)
        if len(held) > 1 and share >= 0.5:
            scores.append((share * len(held), table))
    return max(scores, key=lambda score: score[0])[1] if scores else None


def _look_into(path: Path, owner: str | None) -> _Look:
    ending = ending_of(path.name)
    if not ending and not path.name.lower().endswith(TEXTS):
        raise ValueError(f"{path.name} has no form that is known")
    if ending in (".parquet", ".xlsx"):
        return _Look(PLAIN, FileOfDrop(path, ending[1:]).read_header())
    form = replace(PLAIN, encoding=_guess_encoding(path))
    if owner is not None:
        cells = SHAPES[owner].cells
        required = [name for name, cell in cells.items() if cell.required]
        guess = find_header(path, form, required, list(cells))
        if guess is not None:
            skipped = 0 if guess.line == find_header_line(path, form) else guess.line - 1
            return _Look(replace(form, delimiter=guess.delimiter, skip_lines=skipped), guess.names)
    looks = []
    for delimiter in DELIMITERS:
        records = first_records(path, replace(form, delimiter=delimiter), TOP)
        widths = Counter(len(cells) for _, cells in records)
        width, count = max(widths.items(), key=lambda each: (each[1] * (each[0] > 1), each[0]))
        line, header = next(record for record in records if len(record[1]) == width)
        skipped = line - 1 if line > records[0][0] else 0
        found = _Look(replace(form, delimiter=delimiter, skip_lines=skipped), header)
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


def toml_text(text: str) -> str:
    """A text as TOML writes it, with no character that plays tricks on a terminal."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else f"\\U{ord(mark):08X}" for mark in quoted)
