"""What is declared of every report is what the contract says, the tables hold and the CSVs print.

Belongs here: the declarations themselves. What a close does with rows that are not so is in
test_report_check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_type_hints

import duckdb
import polars as pl
import pytest
from conftest import EXAMPLES, PROJECT

from pipelines.extracts.shapes import SHAPES, Shape
from pipelines.reports.csv_files import printed_columns, written
from pipelines.reports.packs.files import PACK_FILES
from pipelines.reports.pages.quality import personal_tables
from pipelines.rules.models import Model, read_models
from pipelines.rules.report_shapes import QUARANTINE, REPORT_SHAPES, ReportShape, is_of_type
from schemas.cells import Cell
from schemas.printed import REPORTS
from schemas.report_rows import report_schema, type_of
from schemas.table import Table, told_of
from schemas.tables import TABLES

CONTRACT = PROJECT / "docs" / "contract"
MODELS = {model.table: model for model in read_models()}
CLASSES = {told_of(model)["report"].replace("/", "."): model for model in REPORTS}
RANKS = ("associate", "consultant", "manager", "director", "executive")


def printed_models() -> dict[str, Model]:
    """The models whose rows are printed as a CSV, for everybody or for a leader."""
    packs = {file.table for file in PACK_FILES}
    return {name: model for name, model in MODELS.items() if model.order or name in packs}


@pytest.fixture(scope="module")
def warehouse(closed_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's published warehouse."""
    con = duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True)
    yield con
    con.close()


# The house: one declaration a report, and the tables are as declared.


def test_every_printed_table_has_a_shape_and_every_shape_a_table() -> None:
    assert {*printed_models(), QUARANTINE.table} == set(REPORT_SHAPES)


@pytest.mark.parametrize("table", sorted(printed_models()))
def test_a_tables_columns_their_order_and_types_are_the_shapes(
    warehouse: duckdb.DuckDBPyConnection, table: str
) -> None:
    columns, declared = printed_columns(warehouse, MODELS[table]), REPORT_SHAPES[table].columns
    assert list(columns) == list(declared)
    assert [name for name in columns if not is_of_type(columns[name], declared[name])] == []


@pytest.mark.parametrize("table", sorted(printed_models()))
def test_a_shapes_key_is_the_tables_grain(table: str) -> None:
    # Where a row is in one leader's file at most, its table needs no leader in its key.
    shape, grain = REPORT_SHAPES[table], set(MODELS[table].grain)
    assert grain in (set(shape.grain), set(shape.key))


def test_the_quarantine_is_as_declared(warehouse: duckdb.DuckDBPyConnection) -> None:
    described = warehouse.execute("describe quality.quarantine").fetchall()
    types = {name: kind for name, kind, *_ in described}
    assert {name: types[name] for name in QUARANTINE.columns} == QUARANTINE.columns


@pytest.mark.parametrize("shape", REPORT_SHAPES.values(), ids=lambda shape: shape.name)
class TestEveryReport:
    def test_says_one_sentence_of_its_rows_and_of_each_column(self, shape: ReportShape) -> None:
        assert shape.sentence.startswith("One row per ")
        check_sentences(shape.sentence, shape.cells)

    def test_annotates_the_types_that_its_forms_have(self, shape: ReportShape) -> None:
        declared = get_type_hints(CLASSES[shape.table], {"pl": pl})
        found = {name: declared[name].base_type() for name in shape.cells}
        assert found == {name: type_of(cell).base_type() for name, cell in shape.cells.items()}

    def test_has_only_keys_and_conditions_of_its_own_columns(self, shape: ReportShape) -> None:
        named = set(shape.key)
        for cell in shape.cells.values():
            named |= {cell.when[0]} if cell.when else set()
            named |= {name for name in (cell.not_before, cell.instead_of) if name}
        assert named <= set(shape.cells)

    def test_says_when_a_cell_is_empty_exactly_if_it_can_be(self, shape: ReportShape) -> None:
        for name, cell in shape.cells.items():
            assert cell.required != bool(cell.empty), name
            assert not cell.required or (cell.when, cell.instead_of) == (None, None), name

    def test_lists_the_words_of_every_code(self, shape: ReportShape) -> None:
        coded = {name for name, cell in shape.cells.items() if cell.form in ("code", "codes")}
        assert coded == {name for name, cell in shape.cells.items() if cell.allowed}


def check_sentences(sentence: str, cells: dict[str, Cell]) -> None:
    """Each is there, of a length that a line of the terminal takes, and ends as a sentence."""
    for text in (sentence, *(cell.meaning for cell in cells.values())):
        assert text[:1].isupper() and text.endswith(".") and len(text) <= 100, text
    for cell in cells.values():
        assert not cell.empty.endswith("."), cell.empty


@pytest.mark.parametrize("model", TABLES, ids=lambda model: told_of(model)["table"])
def test_every_extract_says_one_sentence_of_itself_and_of_each_column(model: type[Table]) -> None:
    shape = SHAPES[told_of(model)["table"]]
    check_sentences(shape.sentence, shape.cells)


# The contract: the same files and columns, in the same order.


def without_notes(text: str) -> str:
    """A cell of the contract's tables without what stands in brackets."""
    while text != (text := re.sub(r"\([^()]*\)", "", text)):
        pass
    return text


def contract_reports() -> dict[str, list[str]]:
    """The columns of every CSV that contract 3 names, leaders' own from its text."""
    text = (CONTRACT / "3-reports.md").read_text(encoding="utf-8")
    found = {}
    for name, columns in re.findall(r"^\| `([\w/]+)\.csv` \| (.*) \| [^|]+ \|$", text, re.M):
        told = re.split(r"[;:]", without_notes(columns.replace("`;` between", "")))[0]
        found[name.replace("/", ".")] = [each.split()[0] for each in told.split(",")]
    for name, columns in re.findall(r"`(\w+)\.csv` \(([^():]+)[):]", text):
        found[f"leaders.{name}"] = columns.split(", ")
    for name, table in (
        ("follow_ups", "returns.follow_ups"), ("customers", "customers.owners"),
        ("onboarding", "onboarding.accounts"),
    ):  # fmt: skip
        found[f"leaders.{name}"] = found[table]
    return found


def test_the_reports_are_those_of_the_contract() -> None:
    assert set(contract_reports()) == set(REPORT_SHAPES)


@pytest.mark.parametrize("table", sorted(contract_reports()))
def test_a_reports_columns_are_those_of_the_contract(table: str) -> None:
    assert list(REPORT_SHAPES[table].cells) == contract_reports()[table]


def contract_tables() -> dict[str, dict[str, str]]:
    """Each extract's columns of contract 1, with what is said of their types."""
    text = (CONTRACT / "1-extracts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (?:snapshot|record|event) \| [^|]+ \| (.*) \|$", text, re.M)
    found = {}
    for table, told in rows:
        columns = [each.strip() for each in without_notes(told).split(", ")]
        found[table] = {each.split()[0].rstrip("*"): each for each in columns}
    return found


@pytest.mark.parametrize("table", SHAPES)
def test_an_extracts_columns_are_those_of_the_contract(table: str) -> None:
    told, shape = contract_tables()[table], SHAPES[table]
    assert list(shape.cells) == list(told)
    for name, cell in shape.cells.items():
        words = re.findall(r"`([^`]+)`", told[name])
        assert cell.allowed == (tuple(words[0].replace("\\", "").split("|")) if words else ())
        assert cell.required == told[name].endswith("*"), name


@pytest.mark.parametrize(
    ("kind", "is_so"),
    [("DECIMAL(18,2)", True), ("DECIMAL(38,2)", True), ("DECIMAL(18,4)", False),
     ("DECIMAL(18,12)", False), ("DOUBLE", False), ("HUGEINT", False), ("", False)],
)  # fmt: skip
def test_of_a_decimal_the_places_count(kind: str, is_so: bool) -> None:
    assert is_of_type(kind, "DECIMAL(18,2)") == is_so
    assert not is_of_type(kind, "INTEGER")


# Who is named, and what a spreadsheet could run.


def test_personal_is_every_name_address_and_number_of_a_person() -> None:
    shapes: list[Shape | ReportShape] = [*SHAPES.values(), *REPORT_SHAPES.values()]
    for shape in shapes:
        personal = {name for name, cell in shape.cells.items() if cell.is_personal}
        told = {
            name
            for name, cell in shape.cells.items()
            if cell.form == "email" or re.fullmatch(r"(\w+_)?(name|phone)", name)
        }
        assert personal == told, shape


def test_the_tables_that_can_name_somebody() -> None:
    named = {"members", "orders", "leads", "subscriptions", "accounts"}
    assert set(personal_tables()) == named


def test_free_text_is_guarded_in_every_report_and_nothing_else() -> None:
    found = {
        f"{shape.name}.{name}" for shape in REPORT_SHAPES.values() for name in shape.free_columns
    }
    assert found == {
        "finance/journal.account", "inactivity/notices.email", "returns/follow_ups.customer_email",
        "customers/owners.customer_email", "customers/subscriptions.customer_email",
        "quality/quarantine.key", "leaders/inactivity.name", "leaders/inactivity.email",
        "leaders/inactivity.phone", "leaders/referrals.customer_name",
        "leaders/referrals.customer_email", "leaders/referrals.customer_phone",
        "leaders/leads.name", "leaders/leads.email", "leaders/leads.phone",
        "leaders/commissions.customer_email", "leaders/follow_ups.customer_email",
        "leaders/customers.customer_email",
    }  # fmt: skip


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_written_with_a_quote_before_it(first: str) -> None:
    with duckdb.connect() as con:
        shown = f"{written('cell', 'VARCHAR', True)}, {written('cell', 'VARCHAR')}"
        [(guarded, plain)] = con.execute(
            f"select {shown} from (select $1 as cell)", [f"{first}1"]
        ).fetchall()
    mark = '"' if first == "\r" else ""
    assert guarded == f"{mark}'{first}1{mark}" and plain == f"{mark}{first}1{mark}"


# The rows of whole closes, by pandera.


def widened(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with all decimals as wide as sums are; no value changes."""
    kinds = {name: kind for name, kind in rows.schema.items() if isinstance(kind, pl.Decimal)}
    return rows.cast({name: pl.Decimal(38, kind.scale) for name, kind in kinds.items()})


def check_rows(con: duckdb.DuckDBPyConnection, shape: ReportShape) -> int:
    """Hold each file's rows of a warehouse to pandera's schema; out: how many files there were."""
    names = ", ".join(f'"{name}"' for name in shape.cells)
    if shape == QUARANTINE:
        part = "drop_month"
    else:
        part = "close_month" if MODELS[shape.table].is_kept else shape.each or "1"
    files = con.execute(f"select distinct {part} from {shape.table} where {part} is not null")
    schema = report_schema(CLASSES[shape.table], RANKS)
    parts = [value for (value,) in files.fetchall()]
    for value in parts:
        rows = con.sql(f"select {names} from {shape.table} where {part} = $1", params=[value])
        schema.validate(widened(rows.pl()), lazy=True)
    return len(parts)


@pytest.mark.parametrize("table", sorted({*printed_models(), QUARANTINE.table}))
def test_the_samples_rows_pass_panderas_schema(
    warehouse: duckdb.DuckDBPyConnection, table: str
) -> None:
    assert check_rows(warehouse, REPORT_SHAPES[table]) > 0


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("name", ["plain", "messy", "deep", "sections"])
def test_the_worked_examples_rows_pass_panderas_schema(
    name: str, closed_example: Callable[[str], Path]
) -> None:
    warehouse = closed_example(name) / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        files = {table: check_rows(con, REPORT_SHAPES[table]) for table in printed_models()}
    keeps_journal = any((EXAMPLES / name / "expected").glob("*/finance/journal.csv"))
    assert (files["finance.journal"] > 0) == keeps_journal


def test_a_frame_with_another_type_or_order_fails(warehouse: duckdb.DuckDBPyConnection) -> None:
    schema = report_schema(CLASSES["finance.volume"], RANKS)
    rows = warehouse.sql("select * exclude (close_month) from finance.volume limit 3").pl()
    rows = widened(rows)
    schema.validate(rows)
    for wrong in (
        rows.select(reversed(rows.columns)), rows.with_columns(pl.col("group_bv").cast(pl.Float64)),
        rows.drop("payline_bv"), rows.with_columns(more=pl.lit(1)),
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"column|dtype|order|type"):
            schema.validate(wrong)
