"""A table's rows out of its files, batch by batch: of a file of any size so much is held at once.

Belongs here: how large a batch is, what columns it has, and how often files are read. What a file's
cells are is in `file_reading`, which columns are the table's in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from pipelines.extracts.file_reading import FileCells, FileOfDrop
from pipelines.extracts.origins import number_in
from pipelines.extracts.vendor_cells import by_value_column

# What is held of a table's text at once: several of the parser's blocks, for all cores.
BATCH_BYTES = 1 << 26


@dataclass(frozen=True)
class BatchSource:
    """A table's files, and how they are read.

    `places` are those of the header that our columns are read from, `forms` of which form each is;
    `by_value` the columns beside which it stands which cells are values. With `is_strict`, a column
    without a name may not hold anything.
    """

    files: list[FileOfDrop]
    header: list[str]
    places: dict[str, int]
    forms: list[str]
    by_value: tuple[str, ...]
    is_strict: bool

    def read_batches(self) -> Iterator[pa.Table]:
        """The rows with their numbers (`line`), in batches; at least one, which may be empty.

        Stop where a file cannot be read.
        """
        held: list[pa.Table] = []
        size, is_any = 0, False
        for table in self._read_tables():
            held.append(table)
            size += table.nbytes
            if size >= BATCH_BYTES:
                yield pa.concat_tables(held)
                held, size, is_any = [], 0, True
        if held or not is_any:
            yield pa.concat_tables([self._schema().empty_table(), *held])

    def _read_tables(self) -> Iterator[pa.Table]:
        places = list(self.places.values())
        for at, file in enumerate(self.files):
            for cells in file.read_cells(self.header, places, self.forms, self.is_strict):
                yield self._as_table(cells, at)

    def _schema(self) -> pa.Schema:
        lines = pa.int64() if len(self.files) > 1 else pa.int32()
        return pa.schema(
            [(name, pa.string()) for name in self.places]
            + [(by_value_column(name), pa.bool_()) for name in self.by_value]
            + [("line", lines)]
        )

    def _as_table(self, cells: FileCells, at: int) -> pa.Table:
        flags = dict(zip(self.places, cells.by_value, strict=True))
        lines = number_in(at, cells.lines) if len(self.files) > 1 else cells.lines
        columns = [
            *(column.cast(pa.string()) for column in cells.columns),
            *(_as_flags(flags[name], len(lines)) for name in self.by_value),
            lines,
        ]
        return pa.Table.from_arrays(columns, schema=self._schema())


def _as_flags(flags: pa.ChunkedArray | None, rows: int) -> pa.ChunkedArray | pa.Array:
    return pa.array([False] * rows, pa.bool_()) if flags is None else flags


def read_again(source: BatchSource) -> Callable[[], Iterator[pa.Table]]:
    """What gives a table's batches each time anew.

    A workbook is read now, and once: that is slow, and it is never large.
    """
    if all(file.format != "xlsx" for file in source.files):
        return source.read_batches
    kept = list(source.read_batches())
    return lambda: iter(kept)
