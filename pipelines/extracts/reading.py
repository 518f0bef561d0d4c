"""A table's files as a frame of text cells, by the vendor's names for it (contracts 1 and 5).

Belongs here: which of a file's columns are the table's, and which names may not stand. How a file
of a format is read is in `file_reading`; what a cell may hold is not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from pipelines.book.mapping import TableMapping
from pipelines.extracts.batches import BatchSource, read_again
from pipelines.extracts.file_reading import FileOfDrop, open_files, read_one_header
from pipelines.extracts.header_faults import (
    explain_columns,
    explain_header,
    explain_layout,
    find_header_line,
    find_nearest,
)
from pipelines.extracts.origins import Origin
from pipelines.stop import Stop, show_text
from schemas.cells import Cell


@dataclass(frozen=True)
class Cells:
    """A table's rows as text (null where empty), in the files' order.

    `read` gives them in batches, at least one, and each time anew: the columns `names`, of ours
    those that are there, and `line`, which numbers the rows: each row's line (contract 1,
    "Quarantine"), or its number where they come from several places; they rise, and may leave some
    out. Stop where a file cannot be read. `raw` are the columns that show a row as it stands;
    `by_value` those with a column beside them that says which cells are values. `zones` are the
    time zones that times without one are in (None: the company's); with several, a column "zone"
    says which. `records` shows rows by their numbers where `raw` cannot.
    """

    read: Callable[[], Iterator[pa.Table]] = field(compare=False)
    names: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    origin: Origin
    raw: tuple[str, ...] = ()
    by_value: tuple[str, ...] = ()
    zones: tuple[str | None, ...] = (None,)
    records: Callable[[list[int]], list[str]] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Choice:
    """Which place of a header each of our columns is read from, and which names mean nothing."""

    places: dict[str, int]
    unknown: tuple[str, ...]


def read_cells(path: Path, columns: dict[str, Cell], mapping: TableMapping) -> Cells:
    """Read a table's one file; as `read_table_files`."""
    return read_table_files((path,), columns, mapping, path.stem)


def read_table_files(
    paths: tuple[Path, ...],
    columns: dict[str, Cell],
    mapping: TableMapping,
    table: str,
    said_in: Path = Path("mapping.toml"),
) -> Cells:
    """Read the files of a table, one after the other.

    In: the files, our columns of that table, how the vendor calls them, and where that is said.
    Out: the cells of our columns, which are read when they are asked for; a column that the file
    does not have is not among them. Stop when its header lacks what is required or the mapping
    names, or a name that is used stands twice; what else makes a file unreadable (bad UTF-8,
    ragged, truncated, corrupt) is told while it is read.
    """
    files = open_files(paths, mapping.format, mapping.form, table)
    header = read_one_header(files)
    choice = _choose(files[0], header, columns, mapping, f"{said_in}: {table}")
    source = BatchSource(
        files, header, choice.places, [columns[name].form for name in choice.places],
        _by_value(files, choice, mapping, columns), not mapping.is_mapped,
    )  # fmt: skip
    first = {place: name for name, place in reversed(choice.places.items())}
    return Cells(
        read=read_again(source),
        names=tuple(choice.places),
        unknown_columns=choice.unknown,
        origin=_origin(files, mapping),
        raw=tuple(first[place] for place in sorted(first)),
        by_value=source.by_value,
        zones=(mapping.time_zone,),
    )


def _origin(files: list[FileOfDrop], mapping: TableMapping) -> Origin:
    path, form = files[0].path, files[0].form if files[0].format == "csv" else None
    if len(files) == 1:
        return Origin(path, path.name, form=form)
    return Origin(path.parent, mapping.file, tuple(file.path.name for file in files), form=form)


def _by_value(
    files: list[FileOfDrop], choice: _Choice, mapping: TableMapping, columns: dict[str, Cell]
) -> tuple[str, ...]:
    """The columns with a format, of which some cells may be values that it does not apply to."""
    formed = {
        name: place
        for name, place in choice.places.items()
        if name in mapping.formats
        or (mapping.decimal is not None and columns[name].form == "decimal")
    }
    found = [file.find_values(list(formed.values())) for file in files]
    return tuple(name for name, *flags in zip(formed, *found, strict=True) if any(flags))


def _choose(
    file: FileOfDrop, header: list[str], columns: dict[str, Cell], mapping: TableMapping, at: str
) -> _Choice:
    _check_named(file, header, mapping, at)
    wanted = {
        name: mapping.theirs(name)
        for name in columns
        if name not in mapping.constants and mapping.theirs(name) in header
    }
    _check_required(file, header, columns, mapping, set(wanted))
    _check_twice(file, [name for name in header if name in set(wanted.values())])
    if not mapping.is_mapped:
        _check_twice(file, [name for name in header if name])
    for key, named in (("values", mapping.values), ("constants", mapping.constants)):
        for name in named:
            if key == "constants" and name in header:
                raise Stop(
                    f"{at}.constants.{name}: {file.path.name} has a column {name!r} as well; take "
                    f"the constant away, or read the column under another name"
                )
            if key == "values" and name not in wanted and name not in mapping.constants:
                raise Stop(f"{at}.values.{name}: {file.path.name} has no column {name!r}")
    used = set(wanted.values())
    ordered = sorted(wanted, key=lambda name: header.index(wanted[name]))
    unknown = tuple(dict.fromkeys(name for name in header if name and name not in used))
    return _Choice({name: header.index(wanted[name]) for name in ordered}, unknown)


def _check_named(file: FileOfDrop, header: list[str], mapping: TableMapping, at: str) -> None:
    """Every column that the mapping names must be there: all that are not are told at once."""
    absent = {ours: theirs for ours, theirs in mapping.columns.items() if theirs not in header}
    if not absent:
        return
    theirs_all = list(mapping.columns.values())
    if file.format == "csv":
        layout = explain_layout(file.path, file.form, header, theirs_all, theirs_all)
        if layout is not None:
            raise Stop(f"{file.path}: {layout}")
    told = []
    for ours, theirs in absent.items():
        close = find_nearest(theirs, [name for name in header if name])
        hint = f", did you mean {show_text(close)!r}?" if close else ""
        told.append(f"columns.{ours} names {show_text(theirs)!r}{hint}")
    names = ", ".join(repr(show_text(name)) for name in header[:8])
    raise Stop(
        f"{at}: {file.path.parent.name}/{file.path.name} has no such column: {'; '.join(told)} "
        f"(its header begins {names})"
    )


def _check_twice(file: FileOfDrop, names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if not twice:
        return
    line = find_header_line(file.path, file.form) if file.format == "csv" else 1
    told = ", ".join(repr(show_text(name)) for name in twice[:5])
    is_one = len(twice) == 1
    raise Stop(
        f"{file.path}: cannot be read: line {line}: the column{'s' * (not is_one)} {told} "
        f"{'stands' if is_one else 'stand'} twice; keep one of them"
    )


def _check_required(
    file: FileOfDrop,
    header: list[str],
    columns: dict[str, Cell],
    mapping: TableMapping,
    found: set[str],
) -> None:
    given = found | set(mapping.constants)
    required = [name for name, cell in columns.items() if cell.required and name not in given]
    hidden = {mapping.theirs(name) for name in found}
    shown = [name for name in header if name not in hidden]
    if not required:
        return
    known = [name for name in columns if name in found]
    if file.format == "csv" and not mapping.is_mapped:
        told = explain_header(file.path, file.form, header, required, list(columns))
    else:
        told = explain_columns(shown, required, known)
    if told is not None:
        raise Stop(f"{file.path}: {told}")
