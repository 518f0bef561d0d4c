"""A few members of an earlier month's snapshot, read again from its drop.

Belongs here: the rows of a members file that name an id, as the row stage makes them. The warehouse
keeps the newest snapshot only; what the later stages listed is in quality.quarantine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.book.drops import Book, Drop
from pipelines.extracts.load import number_lines, read_table
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
    cells = number_lines(cells)
    if not drop.mapping_of("members").values.keys() & {*columns}:
        cells = replace(cells, frame=_only(cells.frame, id, columns))
    names = [*shape.cells, "line"]
    wanted = " or ".join(f"incoming.{name} = $1" for name in columns)
    with duckdb.connect() as con:
        con.register("cells", cells.frame)
        cells.origin.register(con)
        stage_rows(con, book.policy, drop, shape, cells)
        file, line, join = cells.origin.shown("incoming")
        shown = ", ".join(f'incoming."{name}"' for name in shape.cells)
        found = con.execute(
            f"select {shown}, {line}, {file} from incoming {join} where {wanted} order by {line}",
            [id],
        ).fetchall()
    return [dict(zip([*names, "file"], row, strict=True)) for row in found]


def _only(frame: pa.Table, id: str, columns: tuple[str, ...]) -> pa.Table:
    """The rows whose cells hold the id as they stand: of a large file the few that are wanted."""
    is_wanted = pc.is_null(frame["line"])
    for name in columns:
        if name in frame.column_names:
            is_wanted = pc.or_kleene(is_wanted, pc.equal(frame[name], id))
    return frame.filter(is_wanted)
