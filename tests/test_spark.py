"""The sample book closed on Spark, a master with two workers, against the same on DuckDB.

One close of two months, looked at from all sides: reports, tables, types, what is kept where. Tests
that only look cost nothing; what changes a home has a copy.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import SAMPLE, close_quietly, make_once
from spark_server import needs_spark, started_server, upline_with_spark
from test_golden import texts
from upline_command import upline

from pipelines.extracts.program_tables import OWN_TABLES
from pipelines.extracts.shapes import SHAPES
from pipelines.rules.models import read_models

pytestmark = [pytest.mark.spark, pytest.mark.long, pytest.mark.exhaustive, needs_spark]
MODELS = read_models()
RULES = [model.table for model in MODELS if not model.is_view]
# What was loaded, and what was said of it.
EXTRACTS = [
    *(f"drops.{table}" for table in SHAPES),
    *(table for table in OWN_TABLES if table.split(".")[0] in ("drops", "quality")),
]
TABLES = [*RULES, *EXTRACTS]
CLUSTER = "local-cluster[2,1,1024]"


@dataclass(frozen=True)
class Closed:
    """Two homes with the same two months closed, and where the one's rows lie."""

    spark: Path
    duck: Path
    warehouse: Path


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """The same two months closed on both engines, once for all workers."""

    def at(folder: Path) -> Closed:
        return Closed(folder / "on-spark", folder / "on-duck", folder / "tables")

    def make(folder: Path) -> None:
        found = at(folder)
        with started_server(CLUSTER, folder / "server") as server:
            told = upline_with_spark(
                "close", "2020-02", "--through", "--book", SAMPLE, "--home", found.spark,
                "--engine", "spark", "--remote", server.remote, "--warehouse", found.warehouse,
            )  # fmt: skip
        assert told.code == 0, told.err
        close_quietly(SAMPLE, found.duck, "2020-02")

    return at(make_once(tmp_path_factory, "spark", make))


@pytest.mark.parametrize("month", ["2020-01", "2020-02"])
def test_reports_are_the_same_bytes(closed: Closed, month: str) -> None:
    found, wanted = (
        {path.relative_to(home / "reports" / month): path.read_bytes()
         for path in (home / "reports" / month).rglob("*")
         if path.is_file() and path.name != "seal.json" and path.suffix != ".html"}
        for home in (closed.spark, closed.duck)
    )  # fmt: skip
    assert len(wanted) > 40 and found.keys() == wanted.keys()
    assert [name for name in wanted if found[name] != wanted[name]] == []
    pages = [texts(home / "reports" / month) for home in (closed.spark, closed.duck)]
    assert [name for name in pages[1] if pages[0].get(name) != pages[1][name]] == []


def test_every_table_has_the_same_rows_and_types(closed: Closed) -> None:
    with duckdb.connect() as con:
        for name, home in (("spark", closed.spark), ("duck", closed.duck)):
            con.execute(f"attach '{home / 'warehouse.duckdb'}' as {name} (read_only)")
        different, filled = [], 0
        for table in TABLES:
            types = [
                con.execute(f"describe from {engine}.{table}").fetchall()
                for engine in ("spark", "duck")
            ]
            rows = [
                con.execute(f"from {engine}.{table} order by all").fetchall()
                for engine in ("spark", "duck")
            ]
            filled += bool(rows[1])
            if types[0] != types[1] or rows[0] != rows[1]:
                different.append(table)
    assert different == [] and filled > 75


def test_a_month_is_named_by_a_manifest_with_its_seal(closed: Closed) -> None:
    for month in ("2020-01", "2020-02"):
        told = json.loads((closed.warehouse / "months" / f"{month}.json").read_text())
        seal = (closed.spark / "reports" / month / "seal.json").read_bytes()
        with duckdb.connect() as con:
            [(digest,)] = con.execute("select sha256($1::blob)", [seal]).fetchall()
        assert told["seal"] == digest
        named = [part for table in told["tables"].values() for part in table["directories"]]
        assert len(named) > 75
        for part in named:
            files = [str(path) for path in (closed.warehouse / part["directory"]).glob("*.parquet")]
            assert month != "2020-02" or files, part
    versions = json.loads(seal)["versions"]
    assert versions["pyspark"] and versions["sqlglot"]


def test_no_table_of_the_drops_is_in_a_file_of_the_home(closed: Closed) -> None:
    for file in ("work/warehouse.duckdb", "warehouse.duckdb"):
        with duckdb.connect(str(closed.spark / file), read_only=True) as con:
            found = con.execute(
                "select table_name from duckdb_tables() where schema_name = 'drops' "
                "or table_name like 'quarantine%'"
            ).fetchall()
        assert found == []
    left = list(closed.warehouse.glob("loading.*/*/*"))
    assert left == []


def test_verify_computes_the_months_again_on_duckdb(closed: Closed) -> None:
    told = upline("verify", "--book", SAMPLE, "--home", closed.spark)
    assert told.code == 0, told.out + told.err


def test_explain_reads_what_spark_has_written(closed: Closed) -> None:
    with duckdb.connect(str(closed.duck / "warehouse.duckdb"), read_only=True) as con:
        [(order,)] = con.execute("select min(order_id) from referral.assignments").fetchall()
    told = [
        upline("explain", "order", order, "--book", SAMPLE, "--home", home)
        for home in (closed.spark, closed.duck)
    ]
    assert told[0].code == 0 and told[0].out == told[1].out


def test_what_is_in_the_warehouse_is_nobody_elses(closed: Closed) -> None:
    assert closed.warehouse.stat().st_mode & 0o077 == 0
    told = upline_with_spark(
        "close", "2020-01", "--book", SAMPLE, "--home", closed.duck,
        "--engine", "spark", "--remote", "sc://localhost:1", "--warehouse", closed.warehouse,
    )  # fmt: skip
    assert told.code == 2 and "belongs to the home" in told.err


@pytest.fixture
def copied(closed: Closed, tmp_path: Path) -> Closed:
    """A copy of the home on Spark; its tables are where they were, and only read."""
    home = tmp_path / "home"
    shutil.copytree(closed.spark, home, symlinks=True)
    return Closed(home, closed.duck, closed.warehouse)


def test_another_engine_makes_the_state_again_from_the_drops(
    copied: Closed, closed_sample: Path
) -> None:
    told = upline("close", "2020-03", "--book", SAMPLE, "--home", copied.spark, "--engine", "duck")
    assert told.code == 0, told.err
    assert "2020-02  is computed again" in told.out
    found, wanted = (texts(home / "reports" / "2020-03") for home in (copied.spark, closed_sample))
    assert found == wanted
    with duckdb.connect(str(copied.spark / "warehouse.duckdb"), read_only=True) as con:
        found_tables = con.execute("select count(*) from duckdb_tables()").fetchall()
    assert found_tables[0][0] > len(TABLES)


def test_a_reopened_month_is_not_published_any_more(copied: Closed) -> None:
    told = upline("reopen", "2020-02", "--home", copied.spark, "--reason", "a test")
    assert told.code == 0, told.err
    with duckdb.connect(str(copied.spark / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(
            "select distinct close_month from finance.bv_ledger union "
            "select distinct close_month from book.files where \"table\" = 'finance.bv_ledger'"
        ).fetchall()
    assert found == [("2020-01",)]


def test_without_its_server_a_close_fails_and_changes_nothing(copied: Closed) -> None:
    before = sorted(path for path in copied.spark.rglob("*"))
    note = copied.spark / "work" / "engine.json"
    note.write_text(json.dumps({"remote": "sc://localhost:1", "warehouse": str(copied.warehouse)}))
    (copied.warehouse / ".upline-warehouse").write_text(f"{copied.spark}\n")
    told = upline_with_spark("close", "2020-03", "--book", SAMPLE, "--home", copied.spark)
    assert (
        told.code == 1
        and "failed: Spark: nobody listens at localhost:1" in told.err
        and "Traceback" not in told.err
    )
    assert sorted(path for path in copied.spark.rglob("*")) == before
