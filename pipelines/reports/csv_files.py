"""A model's month as a CSV file, byte for byte as contract 3 says.

Belongs here: how each type is written, what is quoted, what a spreadsheet must not run. The engine
writes the lines; no row passes through Python.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.engines.duck import quoted
from pipelines.rules.models import Model, rows_of
from pipelines.rules.report_shapes import QUARANTINE, REPORT_SHAPES

# What has a text put between quotes, in SQL: looked for one by one, which takes the engine a third
# of what a pattern does.
QUOTED = ("','", "'\"'", "chr(13)", "chr(10)")
# What a connection calls the ways of writing texts: of any, and of what a spreadsheet could run.
TEXT, FREE_TEXT = "csv_text", "csv_free_text"


def write_csv(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    month: str,
    path: Path,
    columns: dict[str, str] | None = None,
) -> None:
    """Write a model's rows of a month, in its report's order, to a file.

    In: a connection that knows how texts are written (`know_texts`); and the printed columns with
    their types, where they are known, as those are of what was held to its report's shape.
    """
    columns = columns or printed_columns(con, model)
    _copy(con, columns, free_columns(model), rows_of(model, month), model.order or "1", path)


def printed_columns(con: duckdb.DuckDBPyConnection, model: Model) -> dict[str, str]:
    """The columns of a model that its CSV has, with their types."""
    described = con.execute(f"describe {model.table}").fetchall()
    left_out = {"close_month", *model.unprinted}
    return {name: kind for name, kind, *_ in described if name not in left_out}


def free_columns(model: Model) -> frozenset[str]:
    """The columns of a report with text that a spreadsheet could run, as its shape says."""
    shape = REPORT_SHAPES.get(model.table)
    return shape.free_columns if shape is not None else frozenset()


def write_quarantine(con: duckdb.DuckDBPyConnection, month: str, path: Path) -> None:
    """Write what the month's drop had quarantined. In: a connection as for `write_csv`."""
    order = '"table", file, line, code, "column" nulls first, key'
    rows = quarantined_rows(month)
    _copy(con, QUARANTINE.columns, QUARANTINE.free_columns, rows, order, path)


def quarantined_rows(month: str) -> str:
    """SQL for what a month's drop had quarantined, to stand after `from`."""
    return f"{QUARANTINE.table} where drop_month = '{month}'"


def _copy(
    con: duckdb.DuckDBPyConnection,
    columns: dict[str, str],
    free: frozenset[str],
    rows: str,
    order: str,
    path: Path,
) -> None:
    header = ",".join(columns)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Quoted here and not by COPY, which also quotes what a comment would start with.
    con.execute(f"""
        copy (select {written_line(columns, free)} as "{header}" from {rows} order by {order})
        to '{str(path).replace("'", "''")}'
        (format csv, header true, delimiter '\x01', quote '', escape '')
    """)


def written_line(columns: dict[str, str], free: frozenset[str]) -> str:
    """SQL for a row's line of a CSV, without its end; `free` are the columns of free text.

    For a connection that knows how texts are written (`know_texts`).
    """
    cells = (
        f"{FREE_TEXT if name in free else TEXT}({quoted(name)})"
        if kind == "VARCHAR"
        else written(name, kind)
        for name, kind in columns.items()
    )
    return f"concat_ws(',', {', '.join(cells)})"


def know_texts(con: duckdb.DuckDBPyConnection) -> None:
    """Have a connection know how texts are written: so it is read once, not for every column."""
    for name, is_free in ((TEXT, False), (FREE_TEXT, True)):
        con.execute(
            f"create or replace temp macro {name}(cell) as {_written_text('cell', is_free)}"
        )


def written(name: str, kind: str, is_free: bool = False) -> str:
    """SQL for a cell as text: null is empty, rates keep at least two places."""
    column = quoted(name)
    if kind == "VARCHAR":
        return _written_text(column, is_free)
    if kind == "TIMESTAMP":
        text = f"strftime({column}, '%Y-%m-%dT%H:%M:%SZ')"
    elif kind == "DECIMAL(18,4)":
        text = f"regexp_replace(cast({column} as varchar), '0{{1,2}}$', '')"
    else:
        text = f"cast({column} as varchar)"
    return f"coalesce({text}, '')"


def _written_text(column: str, is_free: bool) -> str:
    text = column
    if is_free:
        # What a spreadsheet would run as a formula is made plain text.
        runs = f"regexp_matches({column}, '^[=+@\\t\\r-]')"
        text = f"case when {runs} then concat('''', {column}) else {column} end"
    quoted = f"""concat('"', replace({text}, '"', '""'), '"')"""
    is_quoted = " or ".join(f"contains({column}, {each})" for each in QUOTED)
    return f"coalesce(case when {is_quoted} then {quoted} else {text} end, '')"
