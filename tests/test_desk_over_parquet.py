"""The desk shows every rule's table of a home whose rows lie elsewhere, under views; no Spark."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import SAMPLE

from pipelines.book.policy import read_policy
from pipelines.months import Month
from pipelines.orchestration.checks import model_outcomes
from pipelines.orchestration.links import Links
from pipelines.orchestration.looked import Looked
from pipelines.orchestration.shown import model_metadata
from pipelines.rules.models import read_models


@pytest.mark.long
def test_every_table_is_shown_where_it_is_a_view(closed_sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(closed_sample / "warehouse.duckdb", copy)
    models = [model for model in read_models() if not model.is_view]
    with duckdb.connect(str(copy)) as con:
        con.execute("create schema elsewhere")
        for model in models:
            kept = f"elsewhere.{model.programme}_{model.name}"
            con.execute(f"create table {kept} as from {model.table}")
            con.execute(f"drop table {model.table}")
            con.execute(f"create view {model.table} as from {kept}")
        looked = Looked(con, Month("2020-04"), read_policy(SAMPLE / "policy.toml"))
        shown = {model.table: model_metadata(looked, model, Links("")) for model in models}
        outcomes = [each for model in models for each in model_outcomes(looked, model)]
    assert all("first rows" in told for told in shown.values()) and len(shown) > 80
    assert len(outcomes) > 40 and all(each.passed or each.is_warning for each in outcomes)
