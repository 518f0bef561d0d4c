"""Every rule's cases: a folder each, `cases/<programme>/<table>/<case as a sentence>/`.

    extracts.orders.csv         a table that is there, with only the columns that matter
    parameters.toml             what differs from cases/policy.toml, and the month: close_month
    expect.csv                  what the table must hold, as it is printed, in the report's order
    expect.finance.holders.csv  what another one must hold, also beside or without expect.csv
    expect.check.csv            the rows that the table's check must find

The table and everything that it reads are worked out, but for the tables that the case gives. One
that is given for earlier months only (`close_month`) is worked out for the month all the same. What
is not given is empty; an empty cell is null. Of a time and its business date one is enough. Rows
are taken in both orders: no result may hang on it.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.book.calendar import read_calendar
from pipelines.book.drops import Book
from pipelines.book.mapping import Mapping
from pipelines.book.policy import Policy, read_policy
from pipelines.book.programmes import running_sections
from pipelines.engines.duck import named_parameters
from pipelines.engines.duck_rules import DuckEngine
from pipelines.extracts.shapes import SHAPES, business_date_column
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.reports.csv_files import know_texts, write_csv
from pipelines.rules.book_tables import write_book_tables
from pipelines.rules.compute import create_early_tables, run_model
from pipelines.rules.models import Model, read_models
from pipelines.rules.parameters import parameters

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect*.csv")})
MODELS = {model.table: model for model in read_models()}
POLICY = read_policy(CASES / "policy.toml")
WINDOWS = read_calendar(CASES / "calendar.csv")

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Case:
    """A case's folder as it is read: its month and policy, what is given, what is expected."""

    table: str
    month: Month
    policy: Policy
    values: dict[str, Any]
    given: dict[str, Rows]
    expected: dict[str, Rows]


def read_rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, restkey="too many cells", restval="", strict=True))
    assert all("too many cells" not in row for row in rows), f"{path}: a row has too many cells"
    return rows


def read_case(folder: Path) -> Case:
    """Read a case; `without = ["referral"]` in its parameters leaves sections out of the policy."""
    table = ".".join(folder.relative_to(CASES).parts[:2])
    told = folder / "parameters.toml"
    text = told.read_text(encoding="utf-8") if told.exists() else ""
    values: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    left_out: dict[str, Any] = dict.fromkeys(values.pop("without", []))
    policy = replace(POLICY, **left_out)
    files = {path.stem: read_rows(path) for path in sorted(folder.glob("*.csv"))}
    expected = {}
    for name in [name for name in files if name.split(".")[0] == "expect"]:
        expected[name.removeprefix("expect").removeprefix(".") or table] = files.pop(name)
    return Case(table, Month(values.pop("close_month", "2020-01")), policy, values, files, expected)


def is_earlier_only(case: Case, rows: Rows) -> bool:
    """Whether all rows stand in earlier closes, so that the month in work is still to be made."""
    months = {row.get("close_month", case.month.text) for row in rows}
    return bool(months) and max(months) < case.month.text


def upstream(tables: list[str], given: dict[str, Rows], case: Case) -> list[Model]:
    """The models to work out, in their order: no further up than what the case gives."""
    wanted: set[str] = set()
    waiting = list(tables)
    while waiting:
        name = waiting.pop()
        is_given = name in given and not is_earlier_only(case, given[name])
        if name in MODELS and name not in wanted and not is_given:
            wanted.add(name)
            waiting += [read for read in MODELS[name].reads if read not in MODELS[name].earlier]
    return [model for model in MODELS.values() if model.table in wanted]


def make_empty(con: duckdb.DuckDBPyConnection, case: Case, table: str, values: Any) -> None:
    """Create a table without rows: only its query, over empty tables, knows columns and types."""
    for model in upstream([table], {}, case):
        if model.is_view and model.table not in case.given:
            run_model(DuckEngine(con), model, values, ())
        else:
            is_kept = model.is_kept and not model.is_view
            empty = replace(model, section="none", is_view=False, is_kept=is_kept)
            run_model(DuckEngine(con), empty, values, ())


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Rows, month: Month) -> None:
    """Insert rows as a case writes them; the engine reads each cell as its column's type."""
    described = con.execute(f"describe {table}").fetchall()
    columns = [name for name, *_ in described]
    for row in rows:
        cells: dict[str, str | None] = {name: cell or None for name, cell in row.items()}
        if "close_month" in columns:
            cells.setdefault("close_month", month.text)
        unknown = set(cells) - set(columns)
        assert not unknown, f"{table} has no column {', '.join(sorted(unknown))}"
        names = ", ".join(f'"{name}"' for name in cells)
        marks = ", ".join("?" for _ in cells)
        con.execute(f"insert into {table} ({names}) values ({marks})", list(cells.values()))


def with_dates(table: str, rows: Rows) -> Rows:
    """The rows with each time's business date, or the date's midnight, where only one is told."""
    for time in SHAPES[table].times:
        day = business_date_column(time)
        for row in rows:
            if time in row and day not in row:
                row[day] = row[time][:10]
            elif day in row and time not in row:
                row[time] = row[day]
    return rows


def fill_warehouse(con: duckdb.DuckDBPyConnection, case: Case) -> dict[str, Any]:
    """Put what the case gives into the tables; out: the parameters of the month."""
    for name, rows in case.given.items():
        schema, table = name.split(".")
        if schema == "extracts":
            insert_rows(con, f"drops.{table}", with_dates(table, rows), case.month)
    book = Book(CASES, case.policy, WINDOWS, Mapping())
    write_book_tables(con, book, case.month)
    for name, rows in case.given.items():
        if name.startswith("book."):
            con.execute(f"delete from {name}")
            insert_rows(con, name, rows, case.month)
    create_early_tables(DuckEngine(con), list(MODELS.values()))
    values = parameters(con, case.policy, case.month)
    unknown = set(case.values) - set(values)
    assert not unknown, f"no parameter is called {', '.join(sorted(unknown))}"
    values |= case.values
    given = [name for name in case.given if name in MODELS]
    for name in given:
        if MODELS[name].columns is None:
            make_empty(con, case, name, values)
    for name in given:
        insert_rows(con, name, case.given[name], case.month)
    return values


def printed(con: duckdb.DuckDBPyConnection, model: Model, month: Month, path: Path) -> Rows:
    """A table's rows of the month as its CSV would have them; without a report by its key."""
    order = model.order or ", ".join(model.grain)
    is_kept = model.is_kept and not model.is_view
    know_texts(con)
    write_csv(con, replace(model, order=order, is_kept=is_kept, unprinted=()), month.text, path)
    return read_rows(path)


def found_by_check(con: duckdb.DuckDBPyConnection, model: Model, values: dict[str, Any]) -> Rows:
    """What the check beside a table finds."""
    assert model.check is not None, f"{model.table} has no check"
    named = {name: values.get(name) for name in named_parameters(model.check)}
    found = con.execute(model.check, named)
    names = [column[0] for column in found.description or []]
    rows = [["" if cell is None else str(cell) for cell in row] for row in found.fetchall()]
    return [dict(zip(names, row, strict=True)) for row in sorted(rows)]


def work_out(con: duckdb.DuckDBPyConnection, case: Case, path: Path) -> dict[str, Rows]:
    """What the tables, and the check, that the case expects something of have come to."""
    values = fill_warehouse(con, case)
    own = MODELS[case.table]
    tables = [case.table if name == "check" else name for name in case.expected]
    for model in upstream(tables, case.given, case):
        is_asked = model is own and "check" in case.expected
        run_model(
            DuckEngine(con),
            replace(model, check=None) if is_asked else model,
            values,
            running_sections(case.policy),
        )
    return {
        name: found_by_check(con, own, values)
        if name == "check"
        else printed(con, MODELS[name], case.month, path)
        for name in case.expected
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(CASES).as_posix())
@pytest.mark.parametrize(
    "is_reversed",
    [
        pytest.param(True, id="backwards"),
        pytest.param(False, id="as_written", marks=pytest.mark.long),
    ],
)
def test_case(folder: Path, is_reversed: bool, tmp_path: Path) -> None:
    case = read_case(folder)
    if is_reversed:
        case = replace(case, given={name: rows[::-1] for name, rows in case.given.items()})
    with open_warehouse(None) as con:
        found = work_out(con, case, tmp_path / "found.csv")
    for name, rows in case.expected.items():
        columns = list(rows[0]) if rows else []
        shown = [{column: row[column] for column in columns} for row in found[name]]
        assert shown == rows, name
