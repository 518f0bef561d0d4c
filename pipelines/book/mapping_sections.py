"""The sections of `mapping.toml`: a table's, a source's, and how a file is read (contract 5).

Belongs here: which keys there are and what each may say. What the sections are together, and the
folder beside them, is looked at by `mapping_reading`.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

from pipelines.book.date_formats import read_date_format
from pipelines.book.file_form import FileForm
from pipelines.book.mapped_cells import read_as_formatted, read_number, refuse_cell
from pipelines.book.mapping import SourceMapping, TableMapping
from pipelines.book.toml_reading import Section, nearest
from pipelines.book.zone import is_zone
from pipelines.stop import Stop
from schemas.cells import Cell

ANY, NAME = r"(?s).*", r"(?s).+"
FILE = r"[^/\\\x00-\x1f]+"
SOURCE = r"[^\W\d]\w{0,62}"
MARK = r"|[^0-9\r\n-]"
SIGN = r"[^\r\n\x00]"
MOST_SKIPPED = 1_000_000
EMPTY, OTHERS = "", "*"


def read_source(path: Path, name: str, content: Any) -> SourceMapping:
    """A file that only SQL reads; Stop names the key that is wrong."""
    section = Section(path, f"sources.{name}", content)
    if not re.fullmatch(SOURCE, name):
        raise Stop(f"{path}: [{section.name}]: a source's name is letters, digits and _")
    found = SourceMapping(
        file=_read_file(section, name),
        format=_read_format(section),
        form=_read_form(section),
        time_zone=_read_zone(section),
        is_lookup=section.flag("lookup"),
    )
    section.finish()
    return found


def read_table(
    path: Path, name: str, content: Any, cells: dict[str, Cell], ranks: tuple[str, ...]
) -> TableMapping:
    """A table's own file and what its cells become; Stop names the key that is wrong.

    In: our columns of the table, and the ranks of the policy.
    """
    section = Section(path, name, content)
    decimal, thousands = _read_marks(section)
    columns = _read_texts(section, "columns", cells, NAME, "the name of the file's column")
    given = _read_texts(section, "formats", cells, ANY, "a format")
    formats = _read_formats(section, cells, given)
    constants = _read_constants(section, cells, columns, ranks)
    found = TableMapping(
        file=_read_file(section, name),
        format=_read_format(section),
        form=_read_form(section),
        columns=columns,
        constants=constants,
        values=_read_values(section, cells, formats, (decimal, thousands), ranks),
        formats={column: form for column, form in formats.items() if column not in constants},
        decimal=decimal,
        thousands=thousands,
        time_zone=_read_zone(section),
        is_mapped=True,
    )
    for key, named in (("values", found.values), ("formats", given)):
        for column in named:
            if column in constants:
                raise Stop(
                    f"{path}: {name}.{key}.{column}: the column is a constant, which passes "
                    f"nothing; take one of the two away"
                )
    section.finish()
    return found


def _read_file(section: Section, default: str) -> str:
    return section.text("file", default, FILE, "a file's name, or a pattern with *")


def _read_format(section: Section) -> str | None:
    return section.text("format", "", "|csv|parquet|xlsx", "csv, parquet or xlsx") or None


def _read_form(section: Section) -> FileForm:
    plain = FileForm()
    encoding = section.text("encoding", plain.encoding, ANY, "a text encoding")
    if not _is_encoding(encoding):
        raise section.refuse("encoding", encoding, "a text encoding, as 'windows-1252'")
    form = FileForm(
        encoding=encoding,
        delimiter=section.text("delimiter", plain.delimiter, SIGN, "one character"),
        quote=section.text("quote", plain.quote, SIGN, "one character"),
        skip_lines=section.integer("skip_lines", 0, 0, MOST_SKIPPED),
        skip_footer=section.integer("skip_footer", 0, 0, MOST_SKIPPED),
        sheet=section.text("sheet", "", ANY, "a sheet's name") or None,
        header=section.texts("header", [], ANY, "a column's name") or None,
        trim=section.flag("trim"),
    )
    if form.delimiter == form.quote:
        raise section.refuse("quote", form.quote, "another character than the delimiter")
    return form


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except (LookupError, ValueError):
        return False


def _read_zone(section: Section) -> str | None:
    zone = section.text("time_zone", "", ANY, "a time zone") or None
    if zone is not None and not is_zone(zone):
        raise section.refuse("time_zone", zone, "a time zone, as 'UTC' or 'Europe/Paris'")
    return zone


def _read_marks(section: Section) -> tuple[str | None, str]:
    """The decimal mark, None where numbers are in contract 1's form, and the thousands' mark."""
    decimal = section.text("decimal", "", MARK, "one character that is no digit")
    thousands = section.text("thousands", "", MARK, "one character that is no digit")
    if thousands and thousands == (decimal or "."):
        raise section.refuse("thousands", thousands, "another character than the decimal mark")
    return (decimal or ".") if decimal or thousands else None, thousands


def _read_texts(
    section: Section, key: str, cells: dict[str, Cell], pattern: str, wanted: str
) -> dict[str, str]:
    """A section below a table's: our columns and a text for each."""
    below = section.section(key)
    if below is None:
        return {}
    told = below.rest()
    again = Section(below.path, below.name, told)
    for name in told:
        _check_column(below, name, cells)
    return {name: again.text(name, None, pattern, wanted) for name in told}


def _check_column(section: Section, name: str, cells: dict[str, Cell]) -> None:
    if name not in cells:
        raise Stop(
            f"{section.path}: {section.name}: no such column {name!r}, {nearest(name, list(cells))}"
        )


def _read_formats(
    section: Section, cells: dict[str, Cell], given: dict[str, str]
) -> dict[str, str]:
    """The format of each date and time column that has one: its own, or that of its type."""
    kinds = {
        form: section.text(f"{form}_format", "", ANY, "a format") or None
        for form in ("date", "time")
    }
    named = {f"{form}_format": text for form, text in kinds.items()}
    for key, text in [*named.items(), *((f"formats.{name}", text) for name, text in given.items())]:
        if text is not None:
            _check_format(section, key, text)
    for name in given:
        if cells[name].form not in kinds:
            raise section.refuse(
                f"formats.{name}", given[name], f"left out: {name} is neither a date nor a time"
            )
    formats = {name: given.get(name) or kinds.get(cell.form) for name, cell in cells.items()}
    return {name: form for name, form in formats.items() if form is not None}


def _check_format(section: Section, key: str, text: str) -> None:
    try:
        read_date_format(text)
    except ValueError as error:
        raise section.refuse(key, text, f"a format of strptime's, {error}") from error


def _read_constants(
    section: Section, cells: dict[str, Cell], columns: dict[str, str], ranks: tuple[str, ...]
) -> dict[str, str]:
    constants = _read_texts(section, "constants", cells, ANY, "a text, as a cell has it")
    for name, text in constants.items():
        if name in columns:
            raise Stop(
                f"{section.path}: {section.name}.constants.{name}: the column is also read from "
                f"{columns[name]!r}; keep one of them"
            )
        wanted = refuse_cell(cells[name], text, ranks)
        if wanted is not None:
            raise section.refuse(f"constants.{name}", text, wanted)
    return constants


def _read_values(
    section: Section,
    cells: dict[str, Cell],
    formats: dict[str, str],
    marks: tuple[str | None, str],
    ranks: tuple[str, ...],
) -> dict[str, dict[str, str]]:
    """The value maps; what they give is brought into contract 1's form where a format says how."""
    below = section.section("values")
    values: dict[str, dict[str, str]] = {}
    for name, content in (below.rest() if below else {}).items():
        _check_column(section, name, cells)
        pairs = Section(section.path, f"{section.name}.values.{name}", content)
        values[name] = {
            theirs: _read_value(pairs, theirs, cells[name], formats.get(name), marks, ranks)
            for theirs in content
        }
    return values


def _read_value(
    pairs: Section,
    theirs: str,
    cell: Cell,
    form: str | None,
    marks: tuple[str | None, str],
    ranks: tuple[str, ...],
) -> str:
    found = pairs.text(theirs, None, ANY, "a text, as a cell has it")
    wanted = refuse_cell(cell, found, ranks)
    if wanted is None:
        return found
    read = read_as_formatted(cell, found, form)
    if marks[0] is not None and cell.form == "decimal":
        read = read_number(found, marks[0], marks[1])
    if refuse_cell(cell, read, ranks) is not None:
        raise Stop(
            f"{pairs.path}: {pairs.name}: {theirs!r} gives {found!r}, which must be {wanted}"
        )
    return read
