"""Where a table's rows stand in the drop's files, when that is not one line after the other.

The stages of contract 1 know a row by one number, its line. Rows of several files, or of a query,
are numbered through; belongs here: the way back to the file and the line that people look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.engines.duck import literal

PLACES = "places"


@dataclass(frozen=True)
class Origin:
    """The file of a table's rows, or how several of them, or a query, are called.

    `rows` has a row's number (`line`), its file and its line there; None where a row's number is
    its line. `path` is what a message names.
    """

    path: Path
    name: str
    rows: pa.Table | None = None

    def tell(self, line: int) -> str:
        """A row's place for a message that has named `path`."""
        if self.rows is None:
            return f"line {line}"
        at = self.rows.slice(line - self.rows["line"][0].as_py(), 1).to_pylist()[0]
        return f"{at['file']} line {at['file_line']}"

    def register(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the rows' places known to the engine, until `forget`."""
        if self.rows is not None:
            con.register(PLACES, self.rows)

    def forget(self, con: duckdb.DuckDBPyConnection) -> None:
        """Take them away again."""
        if self.rows is not None:
            con.unregister(PLACES)

    def shown(self, alias: str) -> tuple[str, str, str]:
        """SQL for the file and the line of a row of `alias`, and for the join that they need."""
        if self.rows is None:
            return literal(self.name), f"{alias}.line", ""
        join = f"join {PLACES} as place on place.line = {alias}.line"
        return "place.file", "place.file_line", join


def number_through(files: list[str], lines: list[pa.Array]) -> pa.Table:
    """The rows of several files numbered through from 2, each with its file and line there."""
    names = [pa.array([at] * len(each), pa.int16()) for at, each in enumerate(lines)]
    rows = sum(len(each) for each in lines)
    file = pa.chunked_array(
        [pa.DictionaryArray.from_arrays(each, pa.array(files)) for each in names]
    )
    return pa.table(
        {
            "line": pa.array(range(2, rows + 2), pa.int32()),
            "file": file,
            "file_line": pa.chunked_array(lines, pa.int32()),
        }
    )
