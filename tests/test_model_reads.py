"""Which tables a rule reads is found as the engine itself finds it."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.engines.duck import PARAMETER
from pipelines.rules.models import SQL, tables_of

FILES = sorted(SQL.rglob("*.sql"))


def named_by_engine(query: str, engine: duckdb.DuckDBPyConnection) -> set[str]:
    """The same as the engine's own parser tells it, which tells aliases too and quotes keywords."""
    names = engine.get_table_names(PARAMETER.sub("null", query), qualified=True)
    return {name.split(" ")[0].replace('"', "") for name in names if "." in name}


def test_every_rule_reads_what_the_engine_says() -> None:
    with duckdb.connect() as engine:
        for path in FILES:
            query = path.read_text(encoding="utf-8")
            assert tables_of(query) == named_by_engine(query, engine), path
    assert len(FILES) > 100


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        ("select 1 -- from a.b", set()),
        ("select m.id from finance.sales as m\ncross join (\nselect 1 from x.y)",
         {"finance.sales", "x.y"}),
        ("with a as (select 1)\nselect * from a\nsemi join b.c as d on d.e = a.e", {"b.c"}),
    ],
)  # fmt: skip
def test_comments_and_common_tables_are_none(query: str, tables: set[str]) -> None:
    assert tables_of(query) == tables
