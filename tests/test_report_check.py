"""A close holds every report's rows to their shape: SQL and pandera find the same faults.

Belongs here: rows that are wrong on purpose. What is declared is in test_report_shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandera.errors
import polars as pl
import pytest
from conftest import SAMPLE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.closing.close import close_month
from pipelines.closing.home import Home
from pipelines.closing.month_in_work import open_month
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.rules.faults import ShapeFailed
from pipelines.rules.models import read_models
from pipelines.rules.report_check import check_report, column_faults
from pipelines.rules.report_shapes import REPORT_SHAPES, ReportShape
from schemas.cells import Cell
from schemas.printed import REPORTS
from schemas.report_rows import report_schema, type_of
from schemas.table import told_of as declared_of

RANKS = ("associate", "manager", "director")
CLASSES = {declared_of(model)["report"].replace("/", "."): model for model in REPORTS}
Rows = list[dict[str, Any]]
Faults = Counter[tuple[int, str, str]]

WORDS = (
    "", " ", "M1", "m.1-_", "-M1", "M 1", "M1\n", "\nM1", "É1", "A" * 32, "A" * 33, "NL", "nl",
    "EUR", "2020-01", "2020-13", "2020-1", "2020-01\n", "a@b.c", "A@b.c", "a@b", "a@b.c\n",
    "assigned", "assigned ", "no_leader", "refund", "credit", "paid_rank;order", "paid_rank;",
    ";order", "paid_rank;x", "order", "associate", "director", "king", "true", "=1+1", "'", '"',
)  # fmt: skip
ANY: dict[str, st.SearchStrategy[Any]] = {
    "date": st.dates(date(2019, 12, 28), date(2020, 1, 4)),
    "time": st.datetimes(datetime(2019, 12, 31), datetime(2020, 1, 2)),
    "decimal": st.sampled_from([Decimal(text) for text in ("-0.01", "0.00", "0.01", "1.00", "99")]),
    "rate": st.sampled_from([Decimal(text) for text in ("-0.0001", "0", "0.05", "1", "1.0001")]),
    "int": st.sampled_from([-1, 0, 1, 2, 2147483647]),
    "bool": st.booleans(),
}


def cells(cell: Cell) -> st.SearchStrategy[Any]:
    """Any value that a column's type can hold, good ones of its own often."""
    good = [*cell.allowed, *(RANKS if cell.form == "rank" else ())]
    words = st.sampled_from((*WORDS, *good, *good, *good))
    return st.one_of(st.none(), ANY.get(cell.form, words), ANY.get(cell.form, words))


def rows_of(shape: ReportShape) -> st.SearchStrategy[Rows]:
    """A few rows of a report, however wrong."""
    row = st.fixed_dictionaries({name: cells(cell) for name, cell in shape.cells.items()})
    return st.lists(row, min_size=1, max_size=6)


def frame_of(shape: ReportShape, rows: Rows) -> pl.DataFrame:
    """The rows with the types that the shape declares."""
    types = {name: type_of(cell) for name, cell in shape.cells.items()}
    return pl.DataFrame(rows, schema=types, orient="row")


def faults_by_sql(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: Rows) -> Faults:
    """(row, column, kind) of every fault that the close's SQL finds."""
    con.register("made", frame_of(shape, rows).to_arrow())
    con.execute("create or replace temp table printed as select * from made")
    found: Faults = Counter()
    for fault in column_faults(shape, RANKS):
        for row, (is_bad,) in enumerate(
            con.execute(f"select {fault.condition} from printed order by rowid").fetchall()
        ):
            assert is_bad is not None, fault
            found[row, fault.column, fault.kind] += is_bad
    keys = [tuple(row[name] for name in shape.key) for row in rows]
    if keys[0]:
        key = ", ".join(f'"{name}"' for name in shape.key)
        again = con.execute(f"select {key} from printed group by all having count(*) > 1")
        repeated = set(again.fetchall())
        found += Counter((row, "", "repeated") for row, k in enumerate(keys) if k in repeated)
    return +found


def faults_by_schema(shape: ReportShape, rows: Rows) -> Faults:
    """The same by pandera's schema."""
    names = {"not_nullable": "missing", "multiple_fields_uniqueness": "repeated"}
    try:
        report_schema(CLASSES[shape.table], RANKS).validate(frame_of(shape, rows), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("index", "column", "check").rows()
        return Counter((row, name or "", names.get(kind, kind)) for row, name, kind in cases)
    return Counter()


def check_both(con: duckdb.DuckDBPyConnection, shape: ReportShape, rows: Rows) -> None:
    """Both ways find the same, and the close's check fails exactly when there is something."""
    alone = replace(shape, each=None)
    found = faults_by_sql(con, alone, rows)
    assert found == faults_by_schema(shape, rows)
    try:
        check_report(con, alone, "printed")
    except ShapeFailed as failed:
        assert found, failed
        for _, column, _ in found:
            assert column in str(failed)
    else:
        assert not found


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that knows the policy's ranks."""
    con = duckdb.connect()
    con.execute("create schema book; create table book.ranks (rank varchar, level integer)")
    con.executemany("insert into book.ranks values (?, ?)", [*zip(RANKS, range(3), strict=True)])
    yield con
    con.close()


@pytest.mark.long
@pytest.mark.parametrize("table", REPORT_SHAPES)
def test_schema_and_sql_find_the_same_fault_in_every_value_of_every_column(
    engine: duckdb.DuckDBPyConnection, table: str
) -> None:
    shape = REPORT_SHAPES[table]
    for name, cell in shape.cells.items():
        values = [None, *WORDS, *cell.allowed] if cell.form not in ANY else [None]
        good = good_row(shape)
        check_both(engine, shape, [good | {name: value} for value in values])


def good_row(shape: ReportShape) -> dict[str, Any]:
    """A row of a report that nothing is wrong with."""
    plain = {
        "date": date(2020, 1, 1), "time": datetime(2020, 1, 1, 12), "decimal": Decimal(1),
        "rate": Decimal("0.05"), "int": 1, "bool": True, "month": "2020-01", "country": "NL",
        "language": "nl", "currency": "EUR", "email": "a@b.c", "id": "M1", "rank": RANKS[0],
        "text": "any", "name": "orders",
    }  # fmt: skip
    row: dict[str, Any] = {}
    for name, cell in shape.cells.items():
        is_left_out = cell.instead_of is not None or cell.when is not None
        row[name] = None if is_left_out else cell.allowed[0] if cell.allowed else plain[cell.form]
    for name, cell in shape.cells.items():
        if cell.when is not None and str(row[cell.when[0]]).lower() in cell.when[1].split("|"):
            row[name] = cell.allowed[0] if cell.allowed else plain[cell.form]
    return row


@pytest.mark.parametrize("table", REPORT_SHAPES)
def test_a_good_row_passes_both(engine: duckdb.DuckDBPyConnection, table: str) -> None:
    shape = REPORT_SHAPES[table]
    assert faults_by_sql(engine, shape, [good_row(shape)]) == Counter()
    check_both(engine, shape, [good_row(shape)])


@pytest.mark.long
@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_schema_and_sql_find_the_same_faults_in_any_rows(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    shape = REPORT_SHAPES[data.draw(st.sampled_from(sorted(REPORT_SHAPES)))]
    check_both(engine, shape, data.draw(rows_of(shape)))


@pytest.mark.exhaustive
@given(st.data())
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_schema_and_sql_find_the_same_faults_in_very_many_rows(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    shape = REPORT_SHAPES[data.draw(st.sampled_from(sorted(REPORT_SHAPES)))]
    check_both(engine, shape, data.draw(rows_of(shape)))


# What is told.


def told_of(con: duckdb.DuckDBPyConnection, table: str, *changes: dict[str, Any]) -> str:
    """What the check says of good rows with changes, each of its own key."""
    shape = replace(REPORT_SHAPES[table], each=None)
    con.register("made", frame_of(shape, [good_row(shape) | each for each in changes]).to_arrow())
    con.execute("create or replace temp table printed as select * from made")
    with pytest.raises(ShapeFailed) as failed:
        check_report(con, shape, "printed")
    return str(failed.value)


def test_a_fault_names_the_report_the_column_and_the_rows(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    told = told_of(engine, "finance.volume", {"member_id": "A"}, {"group_bv": None})
    assert told == (
        "finance/volume.csv: group_bv is empty, in 1 of 2 rows (member_id M1, group_bv empty)"
    )
    told = told_of(engine, "referral.reassignments", {"decision": "perhaps", "business_days": -1})
    assert told == (
        "referral/reassignments.csv: business_days is less than 0, in 1 of 1 rows "
        "(order_id M1, business_days -1); decision is none of its words, in 1 of 1 rows "
        "(order_id M1, decision perhaps)"
    )


def test_a_cell_that_hangs_on_another_is_told_with_it(engine: duckdb.DuckDBPyConnection) -> None:
    told = told_of(engine, "referral.leads", {"outcome": "assigned", "seat_id": "S1"})
    assert told == (
        "referral/leads.csv: member_id is empty where outcome is assigned, in 1 of 1 rows "
        "(lead_id M1, member_id empty)"
    )
    told = told_of(engine, "finance.journal", {"credit": Decimal(1)})
    assert "credit is there not only where debit is empty, in 1 of 1 rows" in told


def test_a_key_that_is_not_unique_is_told(engine: duckdb.DuckDBPyConnection) -> None:
    told = told_of(engine, "inactivity.lists", {}, {}, {"leader_id": "L2"})
    assert told == (
        "inactivity/lists.csv: leader_id and member_id must be unique (leader_id M1, member_id M1)"
    )
    told = told_of(engine, "finance.statements", {"member_id": None}, {"member_id": None})
    assert told == "finance/statements.csv: member_id must be unique (member_id empty)"


def test_nobodys_name_or_address_is_told(engine: duckdb.DuckDBPyConnection) -> None:
    told = told_of(engine, "customers.owners", {"customer_email": "Kim @Y.com"})
    assert told == "customers/owners.csv: customer_email is no email, in 1 of 1 rows"


def test_a_type_that_is_not_declared_is_told(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("create or replace temp table printed as select 'A' as line, 1.5 as amount")
    with pytest.raises(ShapeFailed) as failed:
        check_report(engine, REPORT_SHAPES["finance.reconciliation"], "printed")
    assert str(failed.value) == (
        "finance/reconciliation.csv: bv is not there and must be DECIMAL(18,2)"
    )


# A whole close.


def test_a_close_whose_rules_give_another_shape_fails_and_seals_nothing(tmp_path: Path) -> None:
    home, month = Home(tmp_path / "home"), Month("2020-01")
    models = {model.table: model for model in read_models()}
    spoilt = models["finance.statements"]
    assert "cast(sum(bv) as" in spoilt.query
    query = spoilt.query.replace("cast(sum(bv) as", "cast(nullif(sum(bv), 80) as")
    models["finance.statements"] = replace(spoilt, query=query)
    home.work.mkdir(parents=True)
    with pytest.raises(ShapeFailed, match="^finance/statements.csv: net_bv is empty, in "):
        close_month(SAMPLE, home, month, [*models.values()], lambda text: None)
    assert home.sealed_months() == [] and not home.month(month).exists()


def test_a_close_whose_quarantine_has_another_shape_fails(tmp_path: Path) -> None:
    home, month = Home(tmp_path / "home"), Month("2020-01")
    home.work.mkdir(parents=True)
    with open_month(home, SAMPLE, month, [], home.working_file, False) as work:
        work.begin()
        for table in SHAPES:
            work.load(table)
        work.set_book()
        work.con.execute(
            "insert into quality.quarantine values ('2020-01', 'orders', 'orders.csv', 0, 'O1', "
            "'type', 'amount', null)"
        )
        with pytest.raises(ShapeFailed, match="quality/quarantine.csv: line is less than 1"):
            work.write_reports()
