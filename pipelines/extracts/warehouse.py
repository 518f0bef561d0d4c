"""The warehouse's tables of the extracts, and how a warehouse file is opened with them.

One process writes a private working file; what analysts open is a copy that is renamed into place.
Tables of the extracts are `drops.*` with the views `extracts.*` over them; every rule's table is
`<programme>.<table>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.engines.duck import open_file
from pipelines.extracts.program_tables import create_own_tables
from pipelines.extracts.shapes import SHAPES, Shape


@contextmanager
def open_warehouse(
    path: Path | None, temporary: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a working file (None: in memory), always closed again.

    The tables and views of the extracts are there when it is handed out; errors as `open_file`.
    """
    with open_file(path, temporary) as con:
        _create_extracts(con)
        yield con


def _create_extracts(con: duckdb.DuckDBPyConnection) -> None:
    create_own_tables(con)
    created = []
    for shape in SHAPES.values():
        columns = ", ".join(f'"{name}" {kind}' for name, kind in shape.columns.items())
        created += [
            f"create table if not exists drops.{shape.table} ({columns})",
            f"create view if not exists extracts.{shape.table} as {standing_rows(shape)}",
        ]
    con.execute(";".join(created))


def standing_rows(shape: Shape) -> str:
    """The query for a table's rows as they stand now.

    A record's newest loaded row per key stands; an event's first was the only one loaded; of
    members there is one snapshot, the newest (contract 1, "Kinds of table").
    """
    if shape.kind != "record":
        return f"select * from drops.{shape.table}"
    key = ", ".join(shape.key)
    return (
        f"select * from drops.{shape.table} "
        f"qualify row_number() over (partition by {key} order by drop_month desc) = 1"
    )
