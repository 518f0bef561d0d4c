"""A Parquet file's columns as text cells, as a CSV file would hold them (contract 1, the book).

Belongs here: how each type is written as text; ValueError names a column that no cell can hold.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
ZONED = ("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS")


def read_parquet_header(path: Path) -> list[str]:
    """The names of the file's columns, as they stand."""
    return list(pq.read_schema(path).names)


def read_parquet_cells(path: Path, wanted: list[str], dates: set[str]) -> pa.Table:
    """The wanted columns as text cells, null where empty.

    In: the names, and which of them hold dates. Columns that nobody wants may hold anything.
    """
    con = duckdb.connect()
    try:
        con.execute("set timezone = 'UTC'")
        source = con.read_parquet(str(path), hive_partitioning=False)
        # The engine renames columns that differ only in case: it goes by position.
        header = zip(read_parquet_header(path), source.columns, source.types, strict=True)
        shown = [
            _cell(name, theirs, str(kind), name in dates)
            for name, theirs, kind in header
            if name in wanted
        ]
        if not shown:
            return pa.table({})
        return con.sql(f"select {', '.join(shown)} from source").to_arrow_table()
    finally:
        con.close()


def _cell(name: str, theirs: str, kind: str, is_date: bool) -> str:
    if kind.startswith(NESTED) or kind.endswith("]"):
        raise ValueError(f"the column {name!r} holds nested values ({kind}); a cell is one value")
    return as_text(f"source.{_quoted(theirs)}", kind, is_date)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def as_text(name: str, kind: str, is_date: bool) -> str:
    """The SQL that writes a Parquet column of a DuckDB type as a CSV cell would hold it.

    Floats by their shortest decimal text, decimals without zeros beyond two places, instants in
    UTC, their fractions cut off after six places; in a date column a timestamp at midnight is that
    date.
    """
    text = f"cast({name} as varchar)"
    if kind in ("FLOAT", "DOUBLE"):
        return _float_as_text(text)
    if kind.startswith("DECIMAL"):
        return f"regexp_replace({text}, '(\\.[0-9]{{2}}[0-9]*?)0+$', '\\1')"
    if kind == "BLOB":
        return f"nullif(decode({name}), '')"
    if kind.startswith("TIMESTAMP"):
        return _time_as_text(name, kind, is_date)
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
