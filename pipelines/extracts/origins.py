"""Where a table's rows stand in the drop's files, when that is not one line after the other.

The stages of contract 1 know a row by one number, its line. Rows of several files, or of a query,
are numbered through; belongs here: the way back to the file and the line that people look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.book.file_form import FileForm
from pipelines.engines.duck import literal
from pipelines.engines.loading import Loading
from pipelines.extracts.csv_faults import Place, find_lines

PLACES = "places"
# The numbers that each of several files has for its lines.
ROOM = 1 << 32
# In a longer file a record's line is not looked for: it would take minutes.
MOST_SEARCHED = 1 << 30


@dataclass(frozen=True)
class Origin:
    """The file of a table's rows, or how several of them, or a query, are called.

    A row's number is its line, unless there are several `files`, by which `number_in` has numbered
    it, or `rows`, which has the row's number (`line`), its file and its line there. `path` is what
    a message names, or the folder of what it names; `form` is that of CSV files, None for others.
    """

    path: Path
    name: str
    files: tuple[str, ...] = ()
    rows: pa.Table | None = None
    form: FileForm | None = None

    def tell_all(self, numbers: list[int]) -> list[str]:
        """Places of rows for a message that has named `path`: lines as an editor counts them."""
        if self.rows is None and not self.files:
            return [str(place) for place in self._find(self.path, numbers)]
        at = [self._locate(number) for number in numbers]
        told = {}
        for file in {file for file, _ in at}:
            lines = sorted({line for name, line in at if name == file})
            for line, place in zip(lines, self._find(self.path / file, lines), strict=True):
                told[file, line] = f"{file} {place}"
        return [told[each] for each in at]

    def _locate(self, number: int) -> tuple[str, int]:
        """A row's file and its line there."""
        if self.rows is None:
            return self.files[number // ROOM], number % ROOM
        first = self.rows["line"][0].as_py()
        [row] = self.rows.slice(number - first, 1).to_pylist()
        return row["file"], row["file_line"]

    def _find(self, path: Path, lines: list[int]) -> list[Place]:
        found: dict[int, int] = {}
        if self.form is not None and path.is_file() and path.stat().st_size <= MOST_SEARCHED:
            found = find_lines(path, self.form, lines)
        return [Place(found.get(line, line), line) for line in lines]

    def register(self, loading: Loading) -> None:
        """Make the rows' places known to the engine, until `forget`."""
        if self.rows is not None:
            loading.hand(PLACES, self.rows)

    def forget(self, loading: Loading) -> None:
        """Take them away again."""
        if self.rows is not None:
            loading.take_back(PLACES)

    def shown(self, alias: str) -> tuple[str, str, str]:
        """SQL for the file and the line of a row of `alias`, and for the join that they need."""
        line = f"{alias}.line"
        if self.rows is not None:
            join = f"join {PLACES} as place on place.line = {line}"
            return "place.file", "place.file_line", join
        if self.files:
            names = ", ".join(map(literal, self.files))
            return (
                f"list_extract([{names}], cast(1 + {line} // {ROOM} as integer))",
                f"cast({line} % {ROOM} as integer)",
                "",
            )
        return literal(self.name), line, ""


def number_in(at: int, lines: pa.Array) -> pa.Array:
    """Numbers for the lines of one of several files, which is the `at`th."""
    return pc.add(lines.cast(pa.int64()), pa.scalar(at * ROOM, pa.int64()))
