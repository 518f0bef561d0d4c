"""The sources of a mapping's queries, as relations of text (contract 5).

Belongs here: reading a source's files once, whatever asks for it, and which of their columns a
query can name. The queries are in `query_tables`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.book.drops import Drop
from pipelines.extracts.file_reading import FileCells, open_files, read_one_header

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
    if name not in drop.shelf:
        drop.shelf[name] = _read(drop, name)
    found: Source | None = drop.shelf[name]
    return found


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
    forms = ["text"] * len(places)
    found = [list(file.read_cells(header, places, forms, False)) for file in files]
    batches = [(at, each) for at, batches in enumerate(found) for each in batches]
    data: dict[str, pa.ChunkedArray | pa.Array] = {}
    for at, place in enumerate(places):
        chunks = [
            chunk for _, each in batches for chunk in each.columns[at].cast(pa.string()).chunks
        ]
        data[header[place]] = pa.chunked_array(chunks, pa.string())
    names = pa.array([path.name for path in paths])
    data[FILE] = pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(
                pa.array(np.full(len(each.lines), at, dtype=np.int16)), names
            )
            for at, each in batches
        ],
        pa.dictionary(pa.int16(), pa.string()),
    )
    data[LINE] = pa.chunked_array([each.lines for _, each in batches], pa.int32())
    return Source(
        name,
        pa.table(data),
        {path.name: _lines(each) for path, each in zip(paths, found, strict=True)},
        told.is_lookup,
        told.time_zone,
    )


def _lines(batches: list[FileCells]) -> npt.NDArray[np.int32]:
    lines = pa.chunked_array([each.lines for each in batches], pa.int32())
    found: npt.NDArray[np.int32] = lines.to_numpy()
    return found


def _usable(header: list[str]) -> list[int]:
    """The places whose names a query can tell apart: SQL knows no capitals."""
    times = Counter(name.lower() for name in header)
    return [
        place
        for place, name in enumerate(header)
        if name and times[name.lower()] == 1 and name.lower() not in (FILE, LINE)
    ]
