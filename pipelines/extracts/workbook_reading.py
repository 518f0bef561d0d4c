"""A workbook's sheet as text cells, each with its line (contract 5).

Belongs here: what a cell's value is as text, which rows are records, what a workbook may hold. The
file is streamed row by row; formulas give the value that is stored with them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import pyarrow as pa

from pipelines.book.file_form import FileForm
from pipelines.book.toml_reading import nearest
from pipelines.silence import no_warnings
from schemas.cells import BLANKS

# The limits that docs/mapping.md lists; Excel's own sheets end at these rows and columns.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS = 200_000_000
MOST_EXPANSION, FREE_EXPANSION = 100, 1 << 28
BATCH = 20_000
# From here on a number of a workbook has lost digits that an id may have had.
EXACT = 1 << 53


@dataclass(frozen=True)
class WorkbookCells:
    """The records of a sheet at the places asked for: text, null where empty.

    `by_value` says of each cell whether it is a value of the workbook's, and no text.
    """

    columns: list[pa.ChunkedArray]
    by_value: list[pa.ChunkedArray]
    lines: pa.Array


def read_workbook_header(path: Path, form: FileForm) -> list[str]:
    """The column names: the form's, or those of the first row that is not empty.

    ValueError when there is none, no such sheet, or the file is no workbook.
    """
    if form.header is not None:
        return list(form.header)
    with _open_sheet(path, form) as rows:
        for _, row in rows:
            names = [_text(cell, "text", form.trim) or "" for cell in row]
            if any(names):
                return names[: max(at for at, name in enumerate(names, 1) if name)]
    raise ValueError("it is empty; a header row is needed even where there are no rows")


def read_workbook_cells(
    path: Path, header: list[str], form: FileForm, places: list[int], forms: list[str]
) -> WorkbookCells:
    """Every record after the header, at some of its places.

    In: the names that `read_workbook_header` gave, the places wanted, and of each the form of the
    column that it is for. Errors as there.
    """
    batches: list[_Batch] = []
    batch = _Batch(places, forms, form.trim)
    is_header = form.header is None
    with _open_sheet(path, form) as rows:
        for number, row in rows:
            if all(cell.value in (None, "") for cell in row):
                continue
            if is_header:
                is_header = False
                continue
            batch.add(number, row)
            if len(batch.lines) == BATCH:
                batches.append(batch.packed())
                batch = _Batch(places, forms, form.trim)
    return _joined([*batches, batch.packed()], len(places), form.skip_footer)


class _Batch:
    """Some records, packed into Arrow's arrays as soon as they are enough."""

    def __init__(self, places: list[int], forms: list[str], is_trimmed: bool) -> None:
        self._wanted = list(zip(places, forms, strict=True))
        self._is_trimmed = is_trimmed
        self.lines: list[int] = []
        self.cells: list[Any] = [[] for _ in places]
        self.by_value: list[Any] = [[] for _ in places]

    def add(self, number: int, row: tuple[Any, ...]) -> None:
        """Take a record's cells."""
        texts = [
            _text(row[place], form, self._is_trimmed) if place < len(row) else None
            for place, form in self._wanted
        ]
        if (
            self._is_trimmed
            and not any(texts)
            and not any(_text(cell, "text", True) for cell in row)
        ):
            return
        self.lines.append(number)
        for at, (place, _) in enumerate(self._wanted):
            self.cells[at].append(texts[at])
            self.by_value[at].append(
                place < len(row) and not isinstance(row[place].value, (str, type(None)))
            )

    def packed(self) -> _Batch:
        """The same, as arrays."""
        self.cells = [pa.array(cells, pa.string()) for cells in self.cells]
        self.by_value = [pa.array(flags, pa.bool_()) for flags in self.by_value]
        return self


def _joined(batches: list[_Batch], width: int, skip_footer: int) -> WorkbookCells:
    lines = pa.array([line for batch in batches for line in batch.lines], pa.int32())
    rows = max(0, len(lines) - skip_footer)
    return WorkbookCells(
        [pa.chunked_array([batch.cells[at] for batch in batches], pa.string()).slice(0, rows)
         for at in range(width)],
        [pa.chunked_array([batch.by_value[at] for batch in batches], pa.bool_()).slice(0, rows)
         for at in range(width)],
        lines.slice(0, rows),
    )  # fmt: skip


@contextmanager
def _open_sheet(path: Path, form: FileForm) -> Iterator[Iterator[tuple[int, tuple[Any, ...]]]]:
    """The sheet's rows after `skip_lines`, each with its number in the sheet."""
    import openpyxl  # few drops have a workbook, and it takes a tenth of a second

    with no_warnings():
        try:
            _check_size(path)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        except (zipfile.BadZipFile, KeyError, ParseError, TypeError, AttributeError) as error:
            raise ValueError(
                f"it is no Excel workbook (.xlsx), or a damaged one: {error}"
            ) from error
        try:
            yield _rows(_find_sheet(book, form.sheet), form.skip_lines)
        except (ParseError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            raise ValueError(f"the workbook is damaged: {error}") from error
        finally:
            book.close()


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        size = sum(member.file_size for member in packed.infolist())
    if size > FREE_EXPANSION and size > MOST_EXPANSION * path.stat().st_size:
        raise ValueError(
            f"unpacked it has {size} bytes, more than {MOST_EXPANSION} times its own size, which "
            f"is the limit"
        )


def _find_sheet(book: Any, name: str | None) -> Any:
    titles = [sheet.title for sheet in book.worksheets]
    if name is None and titles:
        return book.worksheets[0]
    if name not in titles:
        raise ValueError(f"it has no sheet {name!r}, {nearest(name or '', titles)}")
    return book.worksheets[titles.index(name)]


def _rows(sheet: Any, skip_lines: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    # What a sheet says of its own size may be wrong: openpyxl then leaves rows out.
    sheet.reset_dimensions()
    cells = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells += len(row)
        if number > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
            raise ValueError(
                f"row {number}: a sheet may have {MOST_ROWS} rows, {MOST_COLUMNS} columns and "
                f"{MOST_CELLS} cells"
            )
        if number > skip_lines:
            yield number, row


def _text(cell: Any, form: str, is_trimmed: bool) -> str | None:
    """A cell's value as the text that a CSV file would hold; None where it is empty."""
    value = cell.value
    if isinstance(value, str):
        return (value.strip(BLANKS) if is_trimmed else value) or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, form)
    if isinstance(value, datetime):
        return _moment(value, form, str(cell.number_format))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _number(value: int | float, form: str) -> str:
    if form == "id" and abs(value) >= EXACT:
        return f"{value:E}"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _moment(value: datetime, form: str, shown_as: str) -> str:
    """A date-time; a date in a column of dates, or of texts where the cell shows no time."""
    whole = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    shows_time = any(sign in shown_as.lower() for sign in ("h", "s"))
    is_day = form == "date" or (form != "time" and not shows_time)
    if is_day and whole.time() == time():
        return whole.date().isoformat()
    return whole.isoformat()
