"""The rules' cases on Spark, as a process of its own: `cases_on_spark REMOTE FOLDER [WORD]`.

Prints the cases that differ, and how many there were; with a word those whose folder has it in its
name. Belongs here: how a case's tables come to lie where Spark reads them.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from pyspark.sql.connect.session import SparkSession
from test_cases import (
    CASES,
    FOLDERS,
    MODELS,
    Case,
    Rows,
    fill_warehouse,
    printed,
    read_case,
    upstream,
)

from pipelines.book.programmes import running_sections
from pipelines.engines.duck_rules import DuckEngine
from pipelines.engines.parquet_tables import ParquetTables
from pipelines.engines.spark import SparkEngine
from pipelines.engines.spark_session import open_session
from pipelines.engines.spark_sql import to_spark
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.rules.book_tables import BOOK_TABLES
from pipelines.rules.compute import run_model


def move_to_parquet(engine: SparkEngine) -> None:
    """Have every table of a working file lie in Parquet, and the rules' be views over it."""
    con, tables = engine.con, engine.tables
    tables.prepare()
    found = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where not temporary"
    ).fetchall()
    for table in BOOK_TABLES:
        engine.put(table)
    for name in SHAPES:  # a case does not say of which drop its rows are
        con.execute(
            f"update drops.{name} set drop_month = $1 where drop_month is null", [engine.month]
        )
        move_by_month(engine, f"drops.{name}", "drop_month")
    for (table,) in found:
        if table in MODELS:
            is_kept = "close_month" in tables.columns(table)
            move_by_month(engine, table, "close_month" if is_kept else None)


def move_by_month(engine: SparkEngine, table: str, month_column: str | None) -> None:
    """Have a table's rows lie in a directory a month, or in one, and the table be a view."""
    con, columns = engine.con, engine.tables.columns(table)
    if month_column is None:
        engine.put(table)
    else:
        months = con.execute(f"select distinct {month_column} from {table}").fetchall()
        for (month,) in months:
            engine.export(table, month, f"from {table} where {month_column} = '{month}'")
    con.execute(f"drop table {table}")
    engine.tables.show(table, columns)


def work_out(engine: SparkEngine, case: Case, path: Path) -> dict[str, Rows]:
    """What the tables of a case, and its check, have come to: its own on Spark."""
    con = engine.con
    values = fill_warehouse(con, case)
    own = MODELS[case.table]
    names = [case.table if name == "check" else name for name in case.expected]
    wanted = upstream(names, case.given, case)
    sections = running_sections(case.policy)
    for model in wanted:
        if model.table not in names:
            run_model(DuckEngine(con), model, values, sections)
    move_to_parquet(engine)
    for model in wanted:
        if model.table in names:
            is_asked = model is own and "check" in case.expected
            run_model(engine, replace(model, check=None) if is_asked else model, values, sections)
    return {
        name: found_by_check(engine, case, values)
        if name == "check"
        else printed(con, MODELS[name], case.month, path)
        for name in case.expected
    }


def found_by_check(engine: SparkEngine, case: Case, values: dict[str, Any]) -> Rows:
    """What the check beside a case's table finds on Spark."""
    found = engine.fetch(MODELS[case.table].check or "", values)
    rows = [["" if cell is None else str(cell) for cell in row] for row in found.rows]
    return [dict(zip(found.names, row, strict=True)) for row in sorted(rows)]


def check_whole_divisions(session: SparkSession) -> None:
    """Stop where sums of cents that no BIGINT holds are divided otherwise than in DuckDB."""
    sums = ["99999999999999999999999999999999", "-99999999999999999998", "7", "-7", "0"]
    for whole in sums:
        for part in ("1", "3", "9223372036854775807", "-2"):
            query = (
                f"select cast(cast('{whole}' as hugeint) // cast('{part}' as hugeint) as varchar)"
                f" as divided"
            )
            wanted = duckdb.execute(query).fetchall()
            found = [tuple(row) for row in session.sql(to_spark(query)[0]).collect()]
            assert found == wanted, (whole, part, found, wanted)


def main(remote: str, folder: Path, word: str = "") -> int:
    """Run the cases; out: 1 where any differs."""
    chosen = [each for each in FOLDERS if word in each.relative_to(CASES).as_posix()]
    differ = 0
    with open_session(remote, folder) as session:
        check_whole_divisions(session)
        for place in chosen:
            case, warehouse = read_case(place), folder / "tables"
            with open_warehouse(None) as con:
                tables = ParquetTables(con, warehouse)
                engine = SparkEngine(con, session, tables, case.month.text)
                found = _told(engine, case, folder / "found.csv")
            shutil.rmtree(warehouse, ignore_errors=True)
            if found:
                differ += 1
                print(f"{place.relative_to(CASES)}: {found}", flush=True)
    print(f"{len(chosen)} cases, {differ} differ")
    return int(differ > 0)


def _told(engine: SparkEngine, case: Case, path: Path) -> str:
    """How a case differs from what it expects; empty where it does not."""
    try:
        found = work_out(engine, case, path)
    except (OSError, TypeError, duckdb.Error) as error:
        return f"{type(error).__name__}: {str(error)[:400]}"
    for name, rows in case.expected.items():
        columns = list(rows[0]) if rows else []
        shown = [{column: row[column] for column in columns} for row in found[name]]
        if shown != rows:
            return f"{name} is {shown} and must be {rows}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
