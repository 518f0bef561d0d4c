"""A few members of an earlier month's snapshot, read again from its drop.

Belongs here: the rows of a members file that name an id, as the row stage makes them. The warehouse
keeps the newest snapshot only; what the later stages listed is in quality.quarantine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pyarrow.compute as pc

from pipelines.book.drops import Book, Drop
from pipelines.extracts.load import number_lines
from pipelines.extracts.reading import read_cells
from pipelines.extracts.row_stage import stage_rows
from pipelines.extracts.shapes import SHAPES


def find_members(book: Book, drop: Drop, id: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a drop's members in which one of the columns holds the id.

    Out: typed values by column, with `file` and `line`. Stop when the file cannot be read.
    """
    shape, path = SHAPES["members"], drop.files["members"]
    cells = number_lines(read_cells(path, shape.cells, drop.mapping_of("members")))
    there = [name for name in columns if name in cells.frame.column_names]
    names_it = [pc.equal(cells.frame[name], id) for name in there]
    is_wanted = names_it[0]
    for each in names_it[1:]:
        is_wanted = pc.or_kleene(is_wanted, each)
    frame = cells.frame.filter(is_wanted)
    with duckdb.connect() as con:
        con.register("cells", frame)
        stage_rows(con, book.policy, drop, shape, replace(cells, frame=frame))
        names = [*shape.cells, "line"]
        found = con.execute(f"select {', '.join(names)} from incoming order by line").fetchall()
    return [dict(zip(names, row, strict=True)) | {"file": path.name} for row in found]
