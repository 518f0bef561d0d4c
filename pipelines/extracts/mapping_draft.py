"""A draft of the mapping for files that do not fit: `upline check` prints it (contract 5).

Belongs here: guesses for a person to judge. Nothing is read otherwise because of them, and a file
that cannot be looked into has no draft.
"""

from __future__ import annotations

import difflib
import json
import unicodedata
from collections.abc import Mapping as Columns
from pathlib import Path

from pipelines.book.drop_files import ending_of, find_owner, list_files
from pipelines.book.file_form import PLAIN, FileForm
from pipelines.book.mapping import Mapping
from pipelines.extracts.column_synonyms import NAMES
from pipelines.extracts.file_look import FileLook, look_at_file
from pipelines.extracts.format_guess import guess_formats, guess_marks
from pipelines.extracts.header_faults import plain_name
from pipelines.extracts.shapes import SHAPES
from schemas.cells import Cell

NEAR = 0.78
# A name that means the same comes nearer than one that looks alike, and not than the same name.
SYNONYM = 0.95


def draft_mapping(folder: Path, mapping: Mapping) -> list[str]:
    """The lines of a mapping that would read a drop's files, with a comment on each file.

    In: the drop's folder and the mapping in force. Out: nothing for a file that fits, that the
    mapping reads already, or that cannot be read at all, nor for a drop that is missing.
    """
    if not folder.is_dir():
        return []
    owners = {path: find_owner(path.name, mapping, SHAPES) for path in list_files(folder)}
    looks = {path: look for path, owner in owners.items()
             if (owner is None or (owner in SHAPES and owner not in mapping.tables))
             and (look := look_at_file(path, owner)) is not None}  # fmt: skip
    guessed = _guess_tables(looks, owners, mapping)
    lines: list[str] = []
    for path, look in looks.items():
        told = _draft_file(path, owners[path], guessed.get(path), look)
        lines += ["", *told] if lines and told else told
    return lines


def guess_tables(folder: Path, mapping: Mapping) -> dict[Path, str]:
    """Which table each file of a drop that nobody reads seems to be, by its columns.

    As the draft says it; a file that is not in it comes near none that the drop lacks.
    """
    owners = {path: find_owner(path.name, mapping, SHAPES) for path in list_files(folder)}
    looks = {path: look for path, owner in owners.items()
             if owner is None and (look := look_at_file(path, None)) is not None}  # fmt: skip
    return _guess_tables(looks, owners, mapping)


def _guess_tables(
    looks: dict[Path, FileLook], owners: dict[Path, str | None], mapping: Mapping
) -> dict[Path, str]:
    """For each file that nobody reads its table: the best pairs first, each table once.

    A file that is most like a table which the drop has already is none that it lacks.
    """
    taken = {*owners.values(), *mapping.tables, *mapping.queries}
    scores = [
        (-score, at, path, table)
        for path, look in looks.items() if owners[path] is None
        for at, table in enumerate(SHAPES)
        if (score := _score(look.names, table)) > 0
    ]  # fmt: skip
    found: dict[Path, str | None] = {}
    for _, _, path, table in sorted(scores):
        if path not in found and table not in found.values():
            found[path] = None if table in taken else table
    return {path: table for path, table in found.items() if table is not None}


def _draft_file(path: Path, owner: str | None, guessed: str | None, look: FileLook) -> list[str]:
    names = look.names
    table = owner or guessed
    settings = _settings(path, look.form, owner is None)
    if table is None:
        listed = ", ".join(map(toml_text, names))
        return [f"# {path.name}: comes near no table that the drop lacks; its columns are {listed}",
                *[f"# {line}" for line in settings]]  # fmt: skip
    columns = _draft_columns(table, names)
    marks, formats = _draft_formats(table, look)
    settings += marks
    columns += formats
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
        (-_nearness(ours, theirs), at, place, ours, theirs)
        for at, ours in enumerate(cells)
        if ours not in names
        for place, theirs in enumerate(free)
    )
    found: dict[str, str] = {}
    for nearness, _, _, ours, theirs in pairs:
        if -nearness >= NEAR and ours not in found and theirs not in found.values():
            found[ours] = theirs
    return {ours: found[ours] for ours in cells if ours in found}


def _nearness(ours: str, theirs: str) -> float:
    near = difflib.SequenceMatcher(None, plain_name(ours), plain_name(theirs[:100])).ratio()
    return max(near, SYNONYM) if _without_accents(theirs) in NAMES.get(ours, ()) else near


def _without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name[:100])
    return plain_name("".join(mark for mark in apart if not unicodedata.combining(mark)))


def _score(names: list[str], table: str) -> float:
    """How much of a table a header has or comes near; 0 where that is too little."""
    cells = SHAPES[table].cells
    held = {*match_columns(names, cells), *(name for name in cells if name in names)}
    required = [name for name, cell in cells.items() if cell.required]
    share = sum(name in held for name in required) / len(required)
    return share * len(held) if len(held) > 1 and share >= 0.5 else 0


def _draft_formats(table: str, look: FileLook) -> tuple[list[str], list[str]]:
    """The lines on a table's numbers, and those on its dates and times."""
    cells = SHAPES[table].cells
    theirs = match_columns(look.names, cells)
    theirs |= {name: name for name in cells if name in look.names}
    columns = {name: found for name, of in theirs.items() if (found := look.cells(of))}
    decimal, thousands = guess_marks(columns, cells) or (".", "")
    marks = [f"decimal = {toml_text(decimal)}"] * (decimal != ".")
    marks += [f"thousands = {toml_text(thousands)}"] * bool(thousands)
    formats = [
        _format_line(name, fitting) for name, fitting in guess_formats(columns, cells).items()
    ]
    return marks, [f"[{table}.formats]", *formats] if formats else []


def _format_line(name: str, fitting: tuple[str, ...]) -> str:
    """The line on a column's format: in force where one alone fits."""
    if not fitting:
        return f'# {name} = "…"  # its cells have no form that is known'
    line = f"{name} = {toml_text(fitting[0])}"
    others = " or ".join(map(toml_text, fitting[1:]))
    return f"# {line}  # or {others}: the first cells fit each" if others else line


def toml_text(text: str) -> str:
    """A text as TOML writes it, with no character that plays tricks on a terminal."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else f"\\U{ord(mark):08X}" for mark in quoted)
