"""The sources of a mapping's queries, as relations of text (contract 5).

Belongs here: reading a source's files once, whatever asks for it, and which of their columns a
query can name. They are read in batches, and kept in a file that is mapped: memory holds as much of
it as there is room for. The queries are in `query_tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.book.drops import Drop
from pipelines.extracts.arrow_numbers import as_arrow
from pipelines.extracts.file_reading import FileCells, FileOfDrop, open_files, read_one_header
from pipelines.private_folders import private_folder

FILE, LINE = "source_file", "source_line"


@dataclass(frozen=True)
class Source:
    """A source as read: its columns as text with FILE and LINE, and the lines of each file."""

    name: str
    relation: pa.Table
    lines: dict[str, npt.NDArray[np.int32]]
    is_lookup: bool
    time_zone: str | None

    def slice_of(self, file: str) -> tuple[int, npt.NDArray[np.int32]]:
        """Where the rows of one of its files begin, and their lines."""
        start = 0
        for name, lines in self.lines.items():
            if name == file:
                return start, lines
            start += len(lines)
        raise KeyError(file)


def read_source(drop: Drop, name: str) -> Source | None:
    """A source of the drop's mapping, read once; None where the drop has no file of it.

    Stop where a file cannot be read, or two of them differ in their headers.
    """
    # Another table that is done may clear the shelf at any time.
    with suppress(KeyError):
        found: Source | None = drop.shelf[name]
        return found
    read = drop.shelf[name] = _read(drop, name)
    return read


def find_paths(drop: Drop, name: str) -> tuple[Path, ...]:
    """The files of a source: the drop's, or the one of the mapping's folder."""
    told = drop.mapping.sources[name]
    return (drop.mapping.folder / told.file,) if told.is_lookup else drop.sources.get(name, ())


def _read(drop: Drop, name: str) -> Source | None:
    paths, told = find_paths(drop, name), drop.mapping.sources[name]
    if not paths:
        return None
    files = open_files(paths, told.format, told.form, f"sources.{name}")
    header = read_one_header(files)
    places = _usable(header)
    lines: dict[str, npt.NDArray[np.int32]] = {}
    schema = _schema([header[place] for place in places])
    with private_folder() as folder:
        spool = folder / "source.arrow"
        with pa.ipc.new_file(str(spool), schema) as written:
            for at, file in enumerate(files):
                found = file.read_cells(header, places, ["text"] * len(places), False)
                lines[file.path.name] = _spool(written, found, at, schema, files)
        # The file is gone with its folder; what is mapped of it stays.
        relation = pa.ipc.open_file(pa.memory_map(str(spool))).read_all()
    return Source(name, relation, lines, told.is_lookup, told.time_zone)


def _schema(names: list[str]) -> pa.Schema:
    texts = [(name, pa.string()) for name in names]
    return pa.schema([*texts, (FILE, pa.dictionary(pa.int16(), pa.string())), (LINE, pa.int32())])


def _spool(
    written: pa.RecordBatchFileWriter,
    found: Iterator[FileCells],
    at: int,
    schema: pa.Schema,
    files: list[FileOfDrop],
) -> npt.NDArray[np.int32]:
    """Write a file's rows, batch by batch; out: their lines."""
    names = pa.array([file.path.name for file in files])
    lines = [np.array([], dtype=np.int32)]
    for cells in found:
        file = as_arrow(np.full(len(cells.lines), at, dtype=np.int16))
        columns = [column.cast(pa.string()) for column in cells.columns]
        columns += [pa.DictionaryArray.from_arrays(file, names), cells.lines]
        written.write_table(pa.Table.from_arrays(columns, schema=schema))
        lines.append(cells.lines.to_numpy())
    return np.concatenate(lines)


def _usable(header: list[str]) -> list[int]:
    """The places whose names a query can tell apart: SQL knows no capitals."""
    times = Counter(name.lower() for name in header)
    return [
        place
        for place, name in enumerate(header)
        if name and times[name.lower()] == 1 and name.lower() not in (FILE, LINE)
    ]
