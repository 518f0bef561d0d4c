"""What an analyst should know of a drop although nothing is wrong with a row: quality.notes."""

from __future__ import annotations

import duckdb

from pipelines.book.drops import Book, Drop, list_drops
from pipelines.extracts.shapes import Shape
from pipelines.months import Month


def note_unread_drops(con: duckdb.DuckDBPyConnection, book: Book, month: Month) -> None:
    """At the opening month, name the drops of months before it: they are not read."""
    opening = book.policy.company.opening_month
    con.execute(
        "delete from quality.notes where drop_month = $1 and \"table\" = 'book'", [month.text]
    )
    unread = [earlier for earlier in list_drops(book.folder) if earlier < opening]
    if month == opening and unread:
        told = ", ".join(earlier.text for earlier in unread)
        note = f"drops of before the opening month {opening} are not read: {told}"
        con.execute("insert into quality.notes values ($1, 'book', $2)", [month.text, note])


def note(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape, texts: list[str]) -> None:
    """Note something about a table of a drop."""
    con.execute(
        "insert into quality.notes select $1, $2, unnest($3::varchar[])",
        [drop.month.text, shape.table, texts],
    )


def note_absent(con: duckdb.DuckDBPyConnection, drop: Drop, shape: Shape) -> None:
    """Note that a table is missing which the drop before had."""
    before = con.execute(
        'select count(*) from quality.loads where drop_month = $1 and "table" = $2',
        [drop.month.previous.text, shape.table],
    ).fetchall()
    if before != [(0,)]:
        note(con, drop, shape, ["the drop before had this table, this one has not"])
