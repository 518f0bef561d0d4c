"""The rules' SQL as Spark reads it, transpiled when it is run.

Belongs here: what differs between the two engines' words. No rule is changed: a test holds every
file's text in Spark's words, so that another version of SQLGlot shows as a difference.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

# Sums of cents that a BIGINT may not hold.
WIDEST = exp.DataType.build("decimal(38, 0)")
NAME_OF_TYPE = {
    "string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "smallint": "SMALLINT",
    "tinyint": "TINYINT", "boolean": "BOOLEAN", "date": "DATE", "timestamp_ntz": "TIMESTAMP",
    "double": "DOUBLE",
}  # fmt: skip
TYPE_OF_NAME = {name: kind for kind, name in NAME_OF_TYPE.items()}


def to_spark(query: str) -> tuple[str, tuple[str, ...]]:
    """A query in Spark's words, and the tables that it reads, as `schema.table`.

    Views without a schema of their own stand for the tables: `schema__table`. Parameters are named
    `:close_month`.
    """
    tree = sqlglot.parse_one(query, read="duckdb")
    read: dict[str, None] = {}
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            read[f"{table.db}.{table.name}"] = None
            # In place, since what is joined to a table in brackets hangs on it.
            if not table.alias:
                table.set("alias", exp.TableAlias(this=table.this.copy()))
            table.set("this", exp.to_identifier(view_of(table)))
            table.set("db", None)
    wide = [kind for kind in tree.find_all(exp.DataType) if kind.is_type(exp.DataType.Type.INT128)]
    for kind in wide:
        kind.replace(WIDEST.copy())
    if wide:
        tree = tree.transform(_divide_exactly)
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() == "list_extract":
            call.set("this", "element_at")
    return tree.sql(dialect="spark", pretty=True, comments=False), tuple(read)


def _divide_exactly(node: exp.Expr) -> exp.Expr:
    """Whole division of numbers that a BIGINT may not hold: Spark's DIV wraps round in silence.

    What is left over is taken off first, so that the division has nothing to round.
    """
    if not isinstance(node, exp.IntDiv):
        return node
    whole, part = (
        f"CAST({side.transform(_divide_exactly).sql(dialect='spark')} AS DECIMAL(38, 0))"
        for side in (node.this, node.expression)
    )
    exact = f"CAST(({whole} - {whole} % {part}) / {part} AS DECIMAL(38, 0))"
    return sqlglot.parse_one(exact, read="spark")


def view_of(table: exp.Table | str) -> str:
    """The name of the view that stands for a table."""
    return table.replace(".", "__") if isinstance(table, str) else f"{table.db}__{table.name}"


def query_of_view(created: str, columns: list[str]) -> str:
    """The query of a view, as DuckDB tells how it was created, with its columns by their names.

    Where rows are numbered by a window, a star would have the number too.
    """
    tree = sqlglot.parse_one(created, read="duckdb")
    query = tree.expression
    if query.is_star:
        query.set("expressions", [exp.column(name, quoted=True) for name in columns])
    return str(query.sql(dialect="duckdb"))


def as_duckdb_type(kind: str) -> str:
    """A type in DuckDB's words; in: as Spark's `simpleString` has it."""
    return NAME_OF_TYPE.get(kind, kind.upper())


def as_spark_type(kind: str) -> str:
    """A type in Spark's words; in: as DuckDB describes it."""
    return TYPE_OF_NAME.get(kind, kind.lower())


def as_declared(columns: dict[str, str]) -> str:
    """Columns as Spark declares a schema."""
    return ", ".join(f"`{name}` {as_spark_type(kind)}" for name, kind in columns.items())
