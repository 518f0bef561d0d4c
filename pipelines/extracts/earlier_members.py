"""A few members of an earlier month's snapshot, read again from its drop.

Belongs here: the rows of a members file that name an id, as the row stage makes them. The warehouse
keeps the newest snapshot only; what the later stages listed is in quality.quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.book.drops import Book, Drop
from pipelines.engines.duck_loading import DuckLoading
from pipelines.extracts.load import read_table
from pipelines.extracts.reading import Cells
from pipelines.extracts.row_stage import stage_rows
from pipelines.extracts.shapes import SHAPES


def find_members(book: Book, drop: Drop, id: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a drop's members in which one of the columns holds the id.

    Out: typed values by column, with `file` and `line`. Stop when the file cannot be read.
    """
    shape = SHAPES["members"]
    cells = read_table(drop, shape)
    if cells is None:
        return []
    if not drop.mapping_of("members").values.keys() & {*columns}:
        cells = _only(cells, id, columns)
    names = [*shape.cells, "line"]
    wanted = " or ".join(f"typed.{name} = $1" for name in columns)
    with duckdb.connect() as con:
        loading = DuckLoading(con)
        cells.origin.register(loading)
        stage_rows(loading, book.policy, drop, shape, cells)
        file, line, join = cells.origin.shown("typed")
        shown = ", ".join(f'typed."{name}"' for name in shape.cells)
        found = con.execute(
            f"select {shown}, {line}, {file} from typed {join} where {wanted} order by {line}",
            [id],
        ).fetchall()
    return [dict(zip([*names, "file"], row, strict=True)) for row in found]


def _only(cells: Cells, id: str, columns: tuple[str, ...]) -> Cells:
    """The rows whose cells hold the id as they stand: of a large file the few that are wanted."""

    def read() -> Iterator[pa.Table]:
        for batch in cells.read():
            is_wanted = pc.is_null(batch["line"])
            for name in columns:
                if name in cells.names:
                    is_wanted = pc.or_kleene(is_wanted, pc.equal(batch[name], id))
            yield batch.filter(is_wanted)

    return replace(cells, read=read)
