"""The columns' lineage is that of the SQL files as they are; what it cannot be read off is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from renew_lineage import FILE, Columns, digest, model_lineage, read_columns

from pipelines.orchestration.lineage import column_lineage
from pipelines.rules.models import read_models

MODELS = {model.table: model for model in read_models()}
TOLD = json.loads(FILE.read_text(encoding="utf-8"))
RENEW = "the SQL has changed: make lineage"


@pytest.fixture(scope="module")
def columns(closed_sample: Path) -> Columns:
    return read_columns(closed_sample / "warehouse.duckdb")


def test_it_is_of_the_sql_files_as_they_are() -> None:
    assert {table: told["query"] for table, told in TOLD.items()} == {
        table: digest(model) for table, model in MODELS.items()
    }, RENEW


@pytest.mark.parametrize("table", ["finance.statements", "referral.assignments"])
def test_it_is_read_off_the_query(table: str, columns: Columns) -> None:
    assert model_lineage(MODELS[table], columns) == TOLD[table]["columns"], RENEW


def test_every_column_that_it_names_is_there(columns: Columns) -> None:
    named = {tuple(source) for told in TOLD.values() for sources in told["columns"].values()
             for source in sources}  # fmt: skip
    there = {(f"{schema}.{table}", column) for schema, tables in columns.items()
             for table, cells in tables.items() for column in cells}  # fmt: skip
    assert len(named) > 300 and named - there == set()


def test_dagster_is_told_of_assets_alone() -> None:
    lineage = column_lineage("finance.statements")
    assert lineage is not None
    [source] = lineage.deps_by_column["net_bv"]
    assert (source.asset_key.path, source.column_name) == (["finance", "bv_ledger"], "bv")
    assert column_lineage("extracts.orders") is None
