"""Where a table's rows stand in the drop's files, when that is not one line after the other.

The stages of contract 1 know a row by one number, its line. Rows of several files, or of a query,
are numbered through; belongs here: the way back to the file and the line that people look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.book.file_form import FileForm
from pipelines.engines.duck import literal
from pipelines.extracts.csv_faults import Place, find_lines

PLACES = "places"
# In a longer file a record's line is not looked for: it would take minutes.
MOST_SEARCHED = 1 << 30


@dataclass(frozen=True)
class Origin:
    """The file of a table's rows, or how several of them, or a query, are called.

    `rows` has a row's number (`line`), its file and its line there; None where a row's number is
    its line. `path` is what a message names, or the folder of what it names; `form` is that of CSV
    files, None for others.
    """

    path: Path
    name: str
    rows: pa.Table | None = None
    form: FileForm | None = None

    def tell_all(self, numbers: list[int]) -> list[str]:
        """Places of rows for a message that has named `path`: lines as an editor counts them."""
        if self.rows is None:
            return [str(place) for place in self._find(self.path, numbers)]
        first = self.rows["line"][0].as_py()
        at = [self.rows.slice(number - first, 1).to_pylist()[0] for number in numbers]
        told = {}
        for file in {each["file"] for each in at}:
            lines = sorted({each["file_line"] for each in at if each["file"] == file})
            for line, place in zip(lines, self._find(self.path / file, lines), strict=True):
                told[file, line] = f"{file} {place}"
        return [told[each["file"], each["file_line"]] for each in at]

    def _find(self, path: Path, lines: list[int]) -> list[Place]:
        found: dict[int, int] = {}
        if self.form is not None and path.is_file() and path.stat().st_size <= MOST_SEARCHED:
            found = find_lines(path, self.form, lines)
        return [Place(found.get(line, line), line) for line in lines]

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
