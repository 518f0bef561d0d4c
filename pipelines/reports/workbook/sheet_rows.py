"""The rows of a workbook's sheet, as the engine writes them.

Belongs here: how a cell of each type stands in a sheet's XML (ECMA-376, part 1, 18.3). No row
passes through Python: a library takes minutes for a ledger that the engine writes in seconds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import duckdb

MOST_ROWS = 1_048_576 - 1  # Excel's, the header apart
BATCH = 20_000
# The characters that XML cannot hold.
NOT_IN_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
NUMBERS = ("INTEGER", "BIGINT", "DECIMAL")


def column_name(index: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def is_number(kind: str) -> bool:
    """Whether a column's cells are numbers."""
    return kind.startswith(NUMBERS)


def is_amount(kind: str) -> bool:
    """Whether a column's cells are money or BV: two places, a single row's or a sum's."""
    return kind in ("DECIMAL(18,2)", "DECIMAL(38,2)")


def written_rows(
    con: duckdb.DuckDBPyConnection,
    columns: dict[str, str],
    styles: list[int],
    rows: str,
    order: str,
    plain: frozenset[str] = frozenset(),
) -> Iterator[bytes]:
    """The XML of a sheet's rows from its second on, batch by batch.

    In: the columns with their types, each one's style in the workbook, SQL for rows and order; the
    columns in which there is nothing to escape.
    """
    cells = ", ".join(
        _cell(name, kind, column_name(index), styles[index], name in plain)
        for index, (name, kind) in enumerate(columns.items())
    )
    numbered = f"select *, row_number() over (order by {order}) + 1 as sheet_row from {rows}"
    with con.cursor() as cursor:
        written = cursor.sql(f"""
            select concat('<row r="', sheet_row, '">', {cells}, '</row>')
            from ({numbered}) where sheet_row <= {MOST_ROWS + 1} order by sheet_row
        """)
        for batch in written.to_arrow_reader(BATCH):
            # The texts of a batch lie one after another; the last of the places is their end.
            _, places, texts = batch.column(0).buffers()
            [end] = struct.unpack_from("<i", places, 4 * batch.num_rows)
            yield texts.slice(0, end).to_pybytes()


def _cell(name: str, kind: str, letters: str, style: int, is_plain: bool) -> str:
    column = f'"{name}"'
    start = f"""'<c r="{letters}', sheet_row, '" s="{style}\""""
    if is_number(kind):
        return _unless_null(column, f"{start}><v>', {column}, '</v></c>'")
    if kind == "DATE":
        # Excel counts a 29 February 1900 that never was.
        early = f"case when {column} < date '1900-03-01' then 1 else 0 end"
        serial = f"date_diff('day', date '1899-12-30', {column}) - {early}"
        return _unless_null(column, f"{start}><v>', {serial}, '</v></c>'")
    text = column if is_plain else _escaped(column)
    opening = """ t="inlineStr"><is><t xml:space="preserve">'"""
    return _unless_null(column, f"{start}{opening}, {text}, '</t></is></c>'")


def _escaped(column: str) -> str:
    text = f"regexp_replace(cast({column} as varchar), '{NOT_IN_XML}', '', 'g')"
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        text = f"replace({text}, '{sign}', '{entity}')"
    return text


def _unless_null(column: str, parts: str) -> str:
    return f"case when {column} is null then '' else concat({parts}) end"
