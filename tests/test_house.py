"""The house itself: how SQL files are written, who imports whom, what the core may not read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from conftest import SAMPLE
from mutants import MUTANTS
from sqlglot import exp

from pipelines.book.drops import open_book
from pipelines.book.programmes import PROGRAMMES
from pipelines.extracts.shapes import SHAPES
from pipelines.months import Month
from pipelines.places import find_folder
from pipelines.reports.pages.month_view import MonthView
from pipelines.rules.models import SQL, Model, read_models

PROJECT = SQL.parent
QUERIES = sorted(SQL.rglob("*.sql"))
MODELS = {model.table: model for model in read_models()}
MODULES = sorted([*(PROJECT / "pipelines").rglob("*.py"), *(PROJECT / "schemas").rglob("*.py")])

# The subset that also runs on a cluster; see docs/decisions.md, "Portable SQL".
ALLOWED = {
    "Add", "Alias", "And", "Boolean", "CTE", "Case", "Cast", "Coalesce", "Column", "Concat",
    "Count", "DataType", "DataTypeParam", "DateDiff", "Distinct", "EQ", "Filter", "From", "GT",
    "GTE", "Greatest", "Group", "Having", "Identifier", "If", "In", "IntDiv", "Interval", "Is",
    "Join", "LT", "LTE", "Lag", "LastDay", "Lead", "Least", "Like", "Literal", "Lower", "MD5",
    "Max", "Min", "Mod", "Month", "Mul", "NEQ", "Neg", "Not", "Null", "Nullif", "Or", "Order",
    "Ordered", "Paren", "Placeholder", "Qualify", "Rank", "RegexpExtract", "Round", "RowNumber",
    "Select", "SplitPart", "Star", "Sub", "Subquery", "Substring", "Sum", "Table", "TableAlias",
    "Trim", "Union", "Var", "Where", "Window", "WindowSpec", "With", "Year", "GroupConcat",
}  # fmt: skip
TYPES = {"VARCHAR", "DATE", "TIMESTAMP", "INTEGER", "BIGINT", "BOOLEAN"}
# What may read the clock, the environment and arguments: everything is wired here.
ENTRY_POINTS = {
    "pipelines.command_line", "pipelines.command_line.arguments", "pipelines.command_line.closing",
    "pipelines.command_line.delivery", "pipelines.command_line.mail",
    "pipelines.definitions", "pipelines.orchestration.definitions",
    "pipelines.orchestration.ui",
}  # fmt: skip
# The floors of the house from the ground up: no import runs from one to a higher one.
FLOORS = (
    ("stop", "months", "places", "private_folders", "silence", "version"), ("book",), ("engines",),
    ("extracts",), ("rules",), ("reports",), ("closing",), ("orchestration",), ("proof",),
    ("delivery",), ("definitions",), ("command_line",),
)  # fmt: skip
REPORTS = (
    ("look",), ("reported_month",), ("csv_files",), ("dictionary",), ("pages", "packs", "workbook"),
    ("write",),
)  # fmt: skip


# Pages' queries run in DuckDB alone, beside the close: these read better than what is portable.
ALSO_IN_QUERIES = {
    "Abs", "Array", "Anonymous", "Between", "Bracket", "Contains", "DPipe", "Explode", "Length",
    "NullSafeEQ", "Replace", "Slice", "Split", "StrToTime", "TimeToStr", "Tuple",
}  # fmt: skip
PAGE_QUERIES = sorted(find_folder("reports/queries").rglob("*.sql"))


def parsed(path: Path) -> exp.Expression:
    [tree] = sqlglot.parse(path.read_text(encoding="utf-8"), dialect="duckdb")
    assert isinstance(tree, exp.Expression)
    return tree


def short_name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("path", [*QUERIES, *PAGE_QUERIES], ids=short_name)
class TestEverySqlFile:
    def test_keeps_to_its_subset(self, path: Path) -> None:
        used = {type(node).__name__ for node in parsed(path).walk()}
        assert used - ALLOWED - (ALSO_IN_QUERIES if path in PAGE_QUERIES else set()) == set()

    def test_joins_are_written_out(self, path: Path) -> None:
        for join in parsed(path).find_all(exp.Join):
            assert join.args.get("on") is not None or join.kind == "CROSS", join.sql()
            assert not join.args.get("using"), join.sql()

    def test_windows_have_a_frame_where_they_sum(self, path: Path) -> None:
        for window in parsed(path).find_all(exp.Window):
            sums = isinstance(window.this, (exp.Sum, exp.Max, exp.Min))
            assert not sums or window.args.get("spec") is not None or not window.args.get("order")

    def test_is_one_lower_case_select_of_readable_length(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        code = re.sub(r"--.*|'[^']*'", "", text)
        assert ";" not in code and code == code.lower()
        assert max(len(line) for line in text.splitlines()) <= 100
        assert len(text.splitlines()) <= 110 and text.endswith("\n")
        assert len(list(parsed(path).find_all(exp.CTE))) <= 5

    def test_names_no_column_by_a_star(self, path: Path) -> None:
        stars = [
            star
            for star in parsed(path).find_all(exp.Star)
            if star.find_ancestor(exp.Count) is None
        ]
        assert stars == []


CHECKS = [path for path in QUERIES if path.name.endswith(".check.sql")]


@pytest.mark.parametrize("path", CHECKS, ids=short_name)
def test_what_a_check_finds_is_told_without_anything_personal(path: Path) -> None:
    """Its rows go to the terminal, where nothing personal but ids may appear."""
    cells = [cell for shape in SHAPES.values() for cell in shape.cells.items()]
    personal = {name for name, cell in cells if cell.is_personal}
    selected = parsed(path).find(exp.Select)
    assert selected is not None and not {each.alias_or_name for each in selected.selects} & personal


@pytest.mark.parametrize("path", PAGE_QUERIES, ids=short_name)
class TestEveryPageQuery:
    def test_says_what_a_row_is_and_its_key(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("-- One row per ") and lines[1].startswith("-- grain: ")

    def test_a_row_is_what_its_header_says(self, path: Path, view: MonthView) -> None:
        query = path.read_text(encoding="utf-8")
        grain = query.splitlines()[1].removeprefix("-- grain: ")
        rows = view.rows(query, code="reference", characters=9, personal=["members"],
                         of_month=view.month.text)  # fmt: skip
        if grain == "the month":
            assert len(rows) <= 1
        else:
            assert len({tuple(row[name] for name in grain.split(", ")) for row in rows}) == len(
                rows
            )

    def test_is_read_by_a_page(self, path: Path) -> None:
        pages = (PROJECT / "pipelines/reports/pages").glob("*.py")
        text = "".join(page.read_text(encoding="utf-8") for page in pages)
        name = path.relative_to(PROJECT / "reports/queries").with_suffix("").as_posix()
        assert f'"{name}"' in text or path.parent.name == "figures"


@pytest.fixture(scope="module")
def view(closed_sample: Path) -> Iterator[MonthView]:
    month = Month("2020-04")
    policy = open_book(SAMPLE, month).policy
    with duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True) as con:
        yield MonthView(con, policy, month)


def test_pages_hold_no_query_of_their_own() -> None:
    for path in (PROJECT / "pipelines/reports/pages").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        own = [
            text
            for text in texts
            if isinstance(text, str) and re.search(r"select .* from \w+\.", text, re.S)
        ]
        assert own == [], path


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.table)
def test_a_programme_reads_extracts_its_own_folder_and_finance(model: Model) -> None:
    # `drops` holds every version of a record, `extracts` the one that stands.
    shared = {"extracts", "drops", "book", "finance", model.programme}
    if model.programme == "finance":
        shared |= {"referral", "customers", "returns"}
    if model.programme == "leaders":
        return
    assert {table.split(".")[0] for table in model.reads} <= shared


def test_every_table_that_a_query_reads_exists() -> None:
    known = set(MODELS)
    for model in MODELS.values():
        own = {
            table
            for table in model.reads
            if table.split(".")[0] not in ("extracts", "drops", "book")
        }
        assert own <= known, model.table


def test_every_column_has_an_exact_type(closed_sample: Path) -> None:
    con = duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True)
    found = con.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
    ).fetchall()
    con.close()
    exact = ("DECIMAL(18,", "DECIMAL(38,")
    odd = [row for row in found if row[3] not in TYPES and not row[3].startswith(exact)]
    assert odd == []


def test_a_grain_is_the_key_of_its_table(closed_sample: Path) -> None:
    con = duckdb.connect(str(closed_sample / "warehouse.duckdb"), read_only=True)
    repeated = []
    for model in MODELS.values():
        grain = [key for key in model.grain if key != "close_month"]
        key = ", ".join([*(["close_month"] if model.is_kept and not model.is_view else []), *grain])
        rows = (
            f"select count(*), count(distinct ({key})) from {model.table}" if key else "select 1, 1"
        )
        [(rows_found, keys_found)] = con.execute(rows).fetchall()
        if rows_found != keys_found:
            repeated.append(model.table)
    con.close()
    assert repeated == []


def name_of(path: Path) -> str:
    """A module's name, as it is imported."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path) for path in MODULES}


def imported(path: Path) -> set[str]:
    """What a module imports, anywhere in it; of the house whole modules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & NAMES or {node.module}
    return found


def floor_of(name: str, floors: tuple[tuple[str, ...], ...], depth: int) -> int:
    """How high up a module stands; -1 for one below all floors, such as schemas."""
    parts = name.split(".")
    room = parts[depth] if len(parts) > depth and parts[0] == "pipelines" else ""
    return next((level for level, rooms in enumerate(floors) if room in rooms), -1)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
class TestEveryModule:
    def test_stands_on_a_floor(self, path: Path) -> None:
        name = name_of(path)
        is_house = name.startswith("pipelines.")
        assert floor_of(name, FLOORS, 1) >= 0 or not is_house
        if name.startswith("pipelines.reports."):
            assert floor_of(name, REPORTS, 2) >= 0

    def test_imports_nothing_from_a_higher_floor(self, path: Path) -> None:
        name = name_of(path)
        for other in imported(path) & NAMES:
            if name == "pipelines.definitions":
                continue
            assert floor_of(other, FLOORS, 1) <= floor_of(name, FLOORS, 1) or name == "pipelines"
            if name.startswith("pipelines.reports.") and other.startswith("pipelines.reports."):
                assert floor_of(other, REPORTS, 2) <= floor_of(name, REPORTS, 2), other

    def test_only_the_porch_knows_dagster(self, path: Path) -> None:
        is_porch = name_of(path).startswith("pipelines.orchestration")
        assert is_porch or not any(name.startswith("dagster") for name in imported(path))

    def test_schemas_import_pandera_and_polars_alone(self, path: Path) -> None:
        if not name_of(path).startswith("schemas"):
            return
        allowed = {
            "__future__", "collections", "dataclasses", "typing", "pandera", "polars", "schemas",
        }  # fmt: skip
        assert {name.split(".")[0] for name in imported(path)} <= allowed

    def test_nobody_but_the_entry_points_imports_the_wiring(self, path: Path) -> None:
        wiring = {"pipelines.definitions", "pipelines.orchestration.definitions"}
        assert name_of(path) in ENTRY_POINTS or not wiring & imported(path)

    def test_the_core_reads_no_clock_and_no_environment(self, path: Path) -> None:
        if name_of(path) in ENTRY_POINTS:
            return
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"os\.environ|getenv|time\.time|monotonic|\.now\(|\.today\(", text)

    def test_says_what_belongs_in_it(self, path: Path) -> None:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    def test_public_functions_say_what_goes_in_and_out(self, path: Path) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and node.col_offset <= 4
            and node.name not in ("Config", "readable", "read")
        ]
        nested = {
            child.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            for child in ast.walk(node)
            if isinstance(child, ast.FunctionDef) and child is not node
        }
        assert set(silent) - nested == set()

    def test_is_of_a_readable_size(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_no_modules_import_each_other_in_a_circle() -> None:
    reads = {name_of(path): imported(path) & NAMES for path in MODULES}
    while leaves := {name for name, others in reads.items() if not others & set(reads)}:
        reads = {name: others for name, others in reads.items() if name not in leaves}
    assert reads == {}


def test_every_programme_has_its_folder_and_page() -> None:
    folders = {path.name for path in SQL.iterdir() if path.is_dir()}
    pages = {path.stem for path in (PROJECT / "pipelines/reports/pages").glob("*.py")}
    assert set(PROGRAMMES) <= folders | {"quality"} and set(PROGRAMMES) <= pages


def test_the_faults_that_tests_must_notice_are_faults_of_the_code_as_it_is() -> None:
    for mutant in MUTANTS:
        assert mutant.text in (PROJECT / mutant.file).read_text(encoding="utf-8"), mutant


def test_no_module_is_a_drawer_for_everything() -> None:
    names = {path.stem for path in MODULES}
    assert names & {"utils", "helpers", "manager", "common", "misc"} == set()
