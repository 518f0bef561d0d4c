"""Nothing personal but ids goes into Dagster's storage (contract 4)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import dagster as dg
import pytest
from conftest import SAMPLE
from desk import follow

from pipelines.closing.home import Home
from pipelines.extracts.shapes import SHAPES
from pipelines.orchestration.desk import Desk
from pipelines.orchestration.masking import is_shown, without_addresses
from pipelines.orchestration.settings import settle_settings
from pipelines.rules.report_shapes import REPORT_SHAPES


def personal_cells() -> set[str]:
    """Every name, address and number of the sample's people, as far as it is no id of theirs."""
    found: set[str] = set()
    ids: set[str] = set()
    for table, shape in SHAPES.items():
        for path in SAMPLE.glob(f"*/{table}.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    for name, cell in shape.cells.items():
                        (found if cell.is_personal else ids).add(row.get(name) or "")
    return {text for text in found - ids if len(text) > 4}


@pytest.mark.long
def test_nothing_personal_is_in_the_files_of_the_history(
    closed_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_settings(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        follow(Desk(SAMPLE, Home(closed_sample)), instance)
        assert instance.get_materialized_partitions(dg.AssetKey(["customers", "owners"]))
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"customers" in kept
    people = personal_cells()
    assert len(people) > 50
    assert [text for text in sorted(people) if text.encode() in kept] == []
    assert re.findall(rb"[\w.-]+@[\w.-]+\.\w+", kept) == []


def test_a_column_is_shown_only_where_nobody_is_in_it() -> None:
    shape = REPORT_SHAPES["customers.owners"]
    assert not is_shown("customer_email", "VARCHAR", shape.cells)
    assert is_shown("owner_id", "VARCHAR", shape.cells)
    assert is_shown("net_bv", "DECIMAL(38,2)", {})
    assert not is_shown("name", "VARCHAR", {}) and not is_shown("phone", "VARCHAR", {})
    assert not is_shown("something_new", "VARCHAR", {}) and not is_shown("it", "VARCHAR[]", {})
    assert is_shown("something_new", "DATE", {}) and is_shown("new_id", "VARCHAR", {})


def test_addresses_are_taken_out_of_messages() -> None:
    told = without_addresses("customer_email a.b+c@x-y.co.uk, owners 2; (d@e.org)")
    assert told == "customer_email (an e-mail address), owners 2; ((an e-mail address))"
