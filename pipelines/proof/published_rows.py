"""The published warehouse's tables, against those that the months give when computed again.

Belongs here: comparing tables of any size without holding them: counts and digests of their rows,
month by month where a table has one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from pipelines.closing.home import Home
from pipelines.engines.duck import literal, quoted
from pipelines.months import FORM, Month
from pipelines.proof.differences import Difference
from pipelines.rules.models import Model

# What is of use to a close only, and is not published; where rows in Parquet lie.
LEFT_OUT = ("book.steps", "book.files")
MONTH_COLUMNS = ("close_month", "drop_month")
Marks = dict[str, tuple[int, str, str]]


def compare_published(
    con: duckdb.DuckDBPyConnection, home: Home, last: Month, say: Callable[[str], None],
    models: Sequence[Model] | None = None,
) -> list[tuple[Month, Difference]]:  # fmt: skip
    """The tables that differ, each with the first month in which it does.

    In: a connection to the warehouse that was computed again; the last closed month; where another
    version of the program closed it, this one's models. Versions differ in what they put down for
    a month alone, and in which tables they have: then what both keep is compared, and what is
    printed, which both have since the reports are the same, must be there.
    """
    path = home.published_file
    try:
        con.execute(f"attach {literal(str(path))} as published (read_only)")
    except duckdb.Error as error:
        told = str(error).splitlines()[0] if path.exists() else "it is missing"
        return [(last, Difference("warehouse_differs", path.name, told))]
    try:
        return _compare(con, path.name, last, models)
    finally:
        con.execute("detach published")
        say(f"{last}  the published warehouse was compared")


def _compare(
    con: duckdb.DuckDBPyConnection, name: str, last: Month, models: Sequence[Model] | None
) -> list[tuple[Month, Difference]]:
    [(own,)] = con.execute("select current_database()").fetchall()
    here = _tables(con, own)
    there = _tables(con, "published", frozenset(here))
    if models is not None:
        passing = {model.table for model in models if not model.is_kept}
        both = {table for table in here if here[table] == there.get(table)} - passing
        gone = {model.table for model in models if model.order} & here.keys() - there.keys()
        here = {table: here[table] for table in both | gone}
        there = {table: there[table] for table in both}
    found: list[tuple[Month, Difference]] = []
    for table in sorted({*here, *there}):
        if here.get(table) != there.get(table):
            told = "is missing" if table not in there else "is new" if table not in here else (
                "has other columns")  # fmt: skip
            found.append((last, Difference("warehouse_differs", name, f"{table} {told}")))
            continue
        marks = [_marks(con, database, table, here[table]) for database in (own, "published")]
        months = [key for key in {*marks[0], *marks[1]} if marks[0].get(key) != marks[1].get(key)]
        if months:
            first = min(months)
            month = Month(first) if FORM.fullmatch(first) and first < last.text else last
            told = f"{table} holds other rows" + (f" of {first}" if first else "")
            found.append((month, Difference("warehouse_differs", name, told)))
    return found


def _tables(
    con: duckdb.DuckDBPyConnection, database: str, views: frozenset[str] = frozenset()
) -> dict[str, tuple[tuple[str, str], ...]]:
    """The tables of a database, each with its columns and their types.

    In: the views that stand for tables, over rows that lie elsewhere; others have no rows.
    """
    rows = con.execute(
        """
        select schema_name || '.' || table_name as name, column_name, data_type
        from duckdb_columns() as columns
        where database_name = $1 and not internal and (
            list_contains($2, name)
            or exists (
                from duckdb_tables() as tables
                where tables.database_name = columns.database_name
                    and tables.schema_name = columns.schema_name
                    and tables.table_name = columns.table_name
            )
        )
        order by name, column_index
        """,
        [database, sorted(views)],
    ).fetchall()
    tables: dict[str, tuple[tuple[str, str], ...]] = {}
    for table, name, kind in rows:
        tables[table] = (*tables.get(table, ()), (name, kind))
    return {table: columns for table, columns in tables.items() if table not in LEFT_OUT}


def _marks(
    con: duckdb.DuckDBPyConnection, database: str, table: str,
    columns: tuple[tuple[str, str], ...],
) -> Marks:  # fmt: skip
    """By month, or all at once: how many rows there are, and digests of all of them together."""
    names = [name for name, _ in columns]
    month = next((quoted(name) for name in MONTH_COLUMNS if name in names), "''")
    schema, name = table.split(".")
    rows = con.execute(f"""
        select
            coalesce({month}, ''), count(*),
            cast(bit_xor(md5_number(cast(rows as varchar))) as varchar),
            cast(sum(hash(rows)) as varchar)
        from {quoted(database)}.{quoted(schema)}.{quoted(name)} as rows
        group by 1
    """).fetchall()
    return {month: (count, first, second) for month, count, first, second in rows}
