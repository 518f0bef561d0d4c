"""A Parquet file's columns as text cells, as a CSV file would hold them (contract 1, the book).

Belongs here: how each type is written as text; ValueError names a column that no cell can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.book.regular_files import check_regular, open_regular
from pipelines.extracts.csv_bytes import FREE_EXPANSION, MOST_EXPANSION, check_kind

NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")
FLOATS = ("FLOAT", "DOUBLE")
# From here on a float does not tell neighbouring whole numbers apart.
INEXACT_FROM = 1 << 53
# What follows the text of an id that such a float gives: no id has it, so that it is `value`.
INEXACT = "\x00inexact"
# The limits that docs/operations.md lists: no export comes near them.
MOST_COLUMNS = 16_384
CELL_BYTES = 16
# Rows that are written as text at once.
BATCH = 100_000
INEXACT_SQL = "chr(0) || 'inexact'"


def read_parquet_header(path: Path) -> list[str]:
    """The names of the file's columns, as they stand; ValueError when it is no Parquet file."""
    with open_regular(path) as source:
        head = source.read(512)
    if not head.startswith(b"PAR1"):
        check_kind(head, is_packed=False)
        raise ValueError("it is no Parquet file: if it is CSV, give its name the ending .csv")
    names = list(pq.read_schema(path).names)
    if len(names) > MOST_COLUMNS:
        raise ValueError(f"{len(names)} columns, and {MOST_COLUMNS} are the limit")
    return names


def read_parquet_cells(path: Path, places: list[int], forms: list[str]) -> Iterator[pa.Table]:
    """The columns at some places as text cells, null where empty, in batches.

    In: places of the header, and of each the form of the column that it is for: one may be read for
    several. Columns at other places may hold anything. ValueError when a column cannot be read, or
    the file would take more room than a file of its size can need.
    """
    check_regular(path)
    con = duckdb.connect()
    try:
        con.execute("set timezone = 'UTC'")
        source = con.read_parquet(_as_pattern(path), hive_partitioning=False)
        # The engine renames columns that differ only in case: it goes by position.
        header, theirs = read_parquet_header(path), source.columns
        kinds = [str(kind) for kind in source.types]
        _check_rows(path, len(places))
        _check_texts(
            path, con, source, [theirs[at] for at in set(places) if kinds[at] == "VARCHAR"]
        )
        shown = [
            f"{_cell(header[at], theirs[at], kinds[at], form)} as c{position}"
            for position, (at, form) in enumerate(zip(places, forms, strict=True))
        ]
        if shown:
            found = con.sql(f"select {', '.join(shown)} from source").to_arrow_reader(BATCH)
            yield from map(pa.Table.from_batches, ([batch] for batch in found))
    finally:
        con.close()


def _as_pattern(path: Path) -> str:
    """A path for the engine, which takes it for a pattern, or for an address without its root."""
    return re.sub(r"[\[*?]", r"[\g<0>]", str(path.absolute()))


def _check_rows(path: Path, columns: int) -> None:
    """ValueError when a small file says that it has very many rows, or unpacks to very much."""
    told = pq.read_metadata(path)
    unpacked = sum(told.row_group(at).total_byte_size for at in range(told.num_row_groups))
    _check_expansion(path, max(told.num_rows * columns * CELL_BYTES, unpacked))


def _check_texts(
    path: Path, con: duckdb.DuckDBPyConnection, source: duckdb.DuckDBPyRelation, names: list[str]
) -> None:
    """ValueError when texts that a small file holds once stand in very many of its rows."""
    if names:
        lengths = [f"coalesce(sum(strlen({_quoted(name)})), 0)" for name in names]
        [(length,)] = con.sql(f"select {' + '.join(lengths)} from source").fetchall()
        _check_expansion(path, int(length))


def _check_expansion(path: Path, size: int) -> None:
    if size > FREE_EXPANSION and size > MOST_EXPANSION * path.stat().st_size:
        raise ValueError(
            f"its cells take more than {MOST_EXPANSION} times its size "
            f"(the limit beyond {FREE_EXPANSION >> 20} MiB): export it anew"
        )


def _cell(name: str, theirs: str, kind: str, form: str) -> str:
    if kind.startswith(NESTED) or kind.endswith("]"):
        raise ValueError(f"the column {name!r} holds nested values ({kind}); a cell is one value")
    expression = f"source.{_quoted(theirs)}"
    text = as_text(expression, kind, form)
    if form == "id" and kind in FLOATS:
        # The engine holds a nan to be larger than any number.
        is_inexact = f"abs({expression}) >= {INEXACT_FROM}"
        return f"({text}) || case when {is_inexact} then {INEXACT_SQL} else '' end"
    return text


def without_marks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text cells as they are shown: without what tells that a float is no exact id."""
    return pc.replace_substring(column, INEXACT, "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_text(name: str, kind: str, form: str) -> str:
    """The SQL that writes a Parquet column of a DuckDB type as a CSV cell would hold it.

    In: also the form of the column that it is for. Out: floats by their shortest decimal text,
    decimals without zeros beyond two places, of ids and whole numbers without a fraction that is
    nothing but zeros; instants in UTC, their fractions cut off after six places; in a date column a
    timestamp at midnight is that date.
    """
    text = f"cast({name} as varchar)"
    if kind in FLOATS:
        return _float_as_text(text)
    if kind.startswith("DECIMAL") and form in ("id", "int"):
        return f"regexp_replace({text}, '\\.0+$', '')"
    if kind.startswith("DECIMAL"):
        return f"regexp_replace({text}, '(\\.[0-9]{{2}}[0-9]*?)0+$', '\\1')"
    if kind == "BLOB":
        return f"nullif(decode({name}), '')"
    if kind.startswith("TIMESTAMP"):
        return _time_as_text(name, kind, form == "date")
    return f"nullif({text}, '')"


def _float_as_text(text: str) -> str:
    """3.0 as 3, 1.5e-05 as 0.000015 and 1.5e+16 as 15000000000000000."""
    digits = f"replace(regexp_extract({text}, '^-?([0-9.]+)', 1), '.', '')"
    exponent = f"cast(regexp_extract({text}, 'e(.*)$', 1) as integer)"
    sign = f"case when {text} like '-%' then '-' else '' end"
    return (
        f"case when {text} like '%e-%'"
        f" then {sign} || '0.' || repeat('0', -{exponent} - 1) || {digits}"
        f" when {text} like '%e+%' then {sign} || rpad({digits}, {exponent} + 1, '0')"
        f" else regexp_replace({text}, '\\.0$', '') end"
    )


def _time_as_text(name: str, kind: str, is_date: bool) -> str:
    # Nanoseconds are cut off as text: the engine would round them, perhaps into the next month.
    form, moment = ("%n", name) if kind.endswith("_NS") else ("%f", f"cast({name} as timestamp)")
    written = f"left(strftime({moment}, '%Y-%m-%dT%H:%M:%S.{form}'), 26)"
    whole = f"{written} || 'Z'" if kind in ZONED else written
    if not is_date:
        return whole
    return f"case when {written} like '%T00:00:00.000000' then left({written}, 10) else {whole} end"
