"""A table that a mapping's query makes: its rows as cells, each with its place (contract 5).

Belongs here: which columns a query must give, and where its rows come from. From there on they are
rows of a file like any other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.book.drops import REQUIRED_TABLES, Drop
from pipelines.book.toml_reading import nearest
from pipelines.extracts.arrow_numbers import as_arrow
from pipelines.extracts.origins import Origin
from pipelines.extracts.parquet_reading import NESTED, as_text
from pipelines.extracts.query_fence import QueryFault, QueryParts, read_query
from pipelines.extracts.query_running import QueryRows, run_query
from pipelines.extracts.reading import Cells
from pipelines.extracts.shapes import Shape
from pipelines.extracts.sources import FILE, LINE, Source, read_source
from pipelines.stop import Stop


def read_query_table(drop: Drop, shape: Shape) -> Cells | None:
    """The rows of a table that a query makes; None where the drop has none of its sources.

    Stop names the query's file and line where it may not run, fails, takes too much, or gives other
    columns than the table's.
    """
    path, text = drop.mapping.query_path(shape.table), drop.mapping.queries[shape.table]
    try:
        parts = read_query(text, list(drop.mapping.sources))
        sources = {name: read_source(drop, name) for name in sorted(parts.sources)}
        if not _has_any(drop, shape, sources):
            return None
        relations = {
            name: _empty_relation(parts, name) if source is None else source.relation
            for name, source in sources.items()
        }
        found = run_query(text, parts, relations)
        rows = _as_text(found.rows, shape)
        _check_columns(shape, rows.column_names)
        present = [source for source in sources.values() if source is not None]
        _note_unmet(drop, shape.table, parts, found, present)
        return _cells(drop, shape, rows, present)
    except QueryFault as fault:
        raise Stop(f"{path}: line {fault.line}: {fault}") from fault


def _note_unmet(
    drop: Drop, table: str, parts: QueryParts, found: QueryRows, sources: list[Source]
) -> None:
    """Remember which conditions the rows of a source's files do not meet."""
    texts = [condition.text for condition in parts.conditions]
    for source in sources:
        codes = found.unmet.get(source.name)
        if source.is_lookup or codes is None:
            continue
        for file in source.lines:
            start, lines = source.slice_of(file)
            own = codes[start : start + len(lines)]
            drop.shelf[f"{table} unmet {source.name} {file}"] = (source.name, file, texts, own)


def _has_any(drop: Drop, shape: Shape, sources: dict[str, Source | None]) -> bool:
    exports = {name: source for name, source in sources.items()
               if not drop.mapping.sources[name].is_lookup}  # fmt: skip
    if not exports or any(source is not None for source in exports.values()):
        return True
    if shape.table in REQUIRED_TABLES:
        files = ", ".join(repr(drop.mapping.sources[name].file) for name in exports)
        raise Stop(
            f"{drop.folder}: no file {files} is there, of which "
            f"{drop.mapping.query_path(shape.table)} makes {shape.table}; it is required"
        )
    return False


def _empty_relation(parts: QueryParts, name: str) -> pa.Table:
    """A source that the drop has not, with the columns that the query asks of it."""
    names = {FILE: FILE, LINE: LINE}
    for alias, column in parts.columns:
        is_its = parts.aliases.get(alias) == name
        if is_its:
            names.setdefault(column.lower(), column)
    names |= {column.lower(): column for column in parts.joined_by}
    kinds = {LINE: pa.int32()}
    return pa.table(
        {column: pa.array([], kinds.get(low, pa.string())) for low, column in names.items()}
    )


def _check_columns(shape: Shape, names: list[str]) -> None:
    known = [*shape.cells, FILE, LINE]
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            raise QueryFault(1, f"gives a column {name!r} that {shape.table} does not have, {hint}")
    required = [name for name, cell in shape.cells.items() if cell.required]
    absent = [name for name in [*required, FILE, LINE] if name not in names]
    if absent:
        raise QueryFault(1, f"does not give {', '.join(absent)}: {shape.table} must have them")


def _as_text(rows: pa.Table, shape: Shape) -> pa.Table:
    """Every column as text, values as Parquet's; the line stays a number."""
    con = duckdb.connect(config={"threads": 1})
    try:
        con.execute("set timezone = 'UTC'")
        source = con.from_arrow(rows)
        shown = []
        for name, kind in zip(source.columns, map(str, source.types), strict=True):
            if kind.startswith(NESTED) or kind.endswith("]"):
                raise QueryFault(1, f"the column {name!r} holds nested values ({kind})")
            column = '"' + name.replace('"', '""') + '"'
            form = shape.cells[name].form if name in shape.cells else "text"
            text = f"try_cast({column} as integer)" if name == LINE else as_text(column, kind, form)
            shown.append(f"{text} as {column}")
        return source.project(", ".join(shown)).to_arrow_table()
    finally:
        con.close()


def _cells(drop: Drop, shape: Shape, rows: pa.Table, sources: list[Source]) -> Cells:
    files, lines = rows[FILE].combine_chunks(), rows[LINE].combine_chunks()
    if files.null_count or lines.null_count:
        raise QueryFault(1, f"gives a row without {FILE} or {LINE}: say which row it comes from")
    places = _places(files, lines, sources)
    for source in sources:
        _take(drop, shape.table, source, places)
    numbers = as_arrow(np.arange(2, rows.num_rows + 2, dtype=np.int32))
    path = drop.mapping.query_path(shape.table)
    frame = rows.drop_columns([FILE, LINE]).append_column("line", numbers)
    zones = tuple(source.time_zone for source in sources) or (None,)
    if len(set(zones)) > 1:
        zone = np.zeros(rows.num_rows, dtype=np.int8)
        for at, where, _ in places.values():
            zone[where] = at
        frame = frame.append_column("zone", as_arrow(zone))
    told = pa.table({"line": numbers, "file": files, "file_line": lines})
    origin = Origin(path, path.name, rows=told)
    return Cells(
        read=lambda: iter([frame]),
        names=tuple(name for name in rows.column_names if name not in (FILE, LINE)),
        unknown_columns=(),
        origin=origin,
        zones=zones if len(set(zones)) > 1 else zones[:1],
        records=_records(files, lines, sources),
    )


def _places(files: pa.Array, lines: pa.Array, sources: list[Source]) -> dict[str, Any]:
    """By file: which source it is of, which of the rows name it, and which of its rows they are."""
    owners = {file: at for at, source in reversed(list(enumerate(sources)))
              for file in source.lines}  # fmt: skip
    encoded = files.dictionary_encode()
    codes, numbers = encoded.indices.to_numpy(), lines.to_numpy()
    found: dict[str, Any] = {}
    for code, file in enumerate(encoded.dictionary.to_pylist()):
        if file not in owners:
            raise QueryFault(1, f"gives the {FILE} {file!r}, which is none of its sources' files")
        where = np.flatnonzero(codes == code)
        _, known = sources[owners[file]].slice_of(file)
        rows = np.searchsorted(known, numbers[where])
        is_wrong = (rows >= len(known)) | (
            known[np.minimum(rows, len(known) - 1)] != numbers[where]
        )
        if is_wrong.any():
            line = numbers[where][is_wrong][0]
            raise QueryFault(1, f"gives the {LINE} {line} of {file}, where no record stands")
        found[file] = (owners[file], where, rows)
    return found


def _take(drop: Drop, table: str, source: Source, places: dict[str, Any]) -> None:
    """Remember which rows of a source's files the table has taken."""
    if source.is_lookup:
        return
    for file, lines in source.lines.items():
        taken = np.zeros(len(lines), dtype=bool)
        if file in places:
            taken[places[file][2]] = True
        drop.shelf[f"{table} took {source.name} {file}"] = (table, source.name, file, taken)


def _records(
    files: pa.Array, lines: pa.Array, sources: list[Source]
) -> Callable[[list[int]], list[str]]:
    """What shows rows by their numbers as they stand in their files."""

    def show(numbers: list[int]) -> list[str]:
        return [_record(files[at - 2].as_py(), lines[at - 2].as_py(), sources) for at in numbers]

    return show


def _record(file: str, line: int, sources: list[Source]) -> str:
    source = next(source for source in sources if file in source.lines)
    start, lines = source.slice_of(file)
    row = source.relation.drop_columns([FILE, LINE]).slice(
        start + int(np.searchsorted(lines, line)), 1
    )
    text = io.StringIO()
    cells = [column[0].as_py() for column in row.columns]
    csv.writer(text, lineterminator="").writerow("" if cell is None else cell for cell in cells)
    return text.getvalue()
