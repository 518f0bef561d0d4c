"""Which columns each column of a rule's table is made from, as Dagster draws it.

Belongs here: reading what `make lineage` has read off the SQL files: a parser of SQL is needed for
that, and only work on the project has one. A test holds it to the files.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.orchestration.keys import asset_key

FILE = Path(__file__).with_name("lineage.json")
# Tables that are no assets: what loading writes down of itself.
NO_ASSETS = "quality"


@cache
def _read() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return told


def column_lineage(table: str) -> dg.TableColumnLineage | None:
    """The columns that each column of a table is made from; None of a table that is not in it."""
    told = _read().get(table)
    if told is None:
        return None
    return dg.TableColumnLineage({
        name: [
            dg.TableColumnDep(asset_key(source), column)
            for source, column in sources
            if not source.startswith(NO_ASSETS)
        ]
        for name, sources in told["columns"].items()
    })  # fmt: skip
