"""The rules' SQL in Spark's words, as it was last read and accepted; no Spark is needed for it.

`python tests/renew_spark_sql.py` renews it; the difference is then read in review. Another version
of SQLGlot, or another word in a rule, shows as a difference here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from small_book import OPENING, POLICY, write_book
from spoiled_drops import of_every_code

from pipelines.book.drops import open_book
from pipelines.engines.duck_loading import DuckLoading
from pipelines.engines.spark_sql import (
    as_declared,
    as_duckdb_type,
    as_spark_type,
    query_of_view,
    to_spark,
)
from pipelines.extracts.load import replace_table
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.rules.models import SQL

GOLDEN = Path(__file__).parent / "spark_sql"
RULES = {
    path.relative_to(SQL).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(SQL.rglob("*.sql"))
}


def views_of_extracts() -> dict[str, str]:
    """The queries of the views over the extracts, as DuckDB tells them."""
    with open_warehouse(None) as con:
        created = dict(con.execute(
            "select view_name, sql from duckdb_views() where schema_name = 'extracts'"
        ).fetchall())  # fmt: skip
    return {
        f"extracts/{table}.sql": query_of_view(created[table], list(shape.columns))
        for table, shape in SHAPES.items()
    }


@dataclass(frozen=True)
class Recorded(DuckLoading):
    """A load in DuckDB that notes what it asks of an engine."""

    told: dict[str, None] = field(default_factory=dict)

    def keep(self, name: str, query: str) -> None:
        self._note("rows", name, query)
        super().keep(name, query)

    def call(self, name: str, query: str) -> None:
        self._note("name", name, query)
        super().call(name, query)

    def add(self, table: str, month: str, query: str) -> int:
        self._note("rows", table, query)
        return super().add(table, month, query)

    def _note(self, what: str, name: str, query: str) -> None:
        self.told[f"-- {what} of {name}\n{to_spark(query)[0]}\n"] = None


def queries_of_loads(folder: Path) -> dict[str, str]:
    """What loading asks, in Spark's words, by the table of the drop."""
    policy = POLICY + "[quality]\nmax_quarantined_share = 1\n"
    book = write_book(folder, *of_every_code(), policy=policy)
    told: dict[str, dict[str, None]] = {table: {} for table in SHAPES}
    with open_warehouse(None) as con:
        for month in (OPENING, OPENING.next):
            opened = open_book(book, month)
            for table, shape in SHAPES.items():
                replace_table(Recorded(con, told=told[table]), opened, opened.drop(month), shape)
    return {f"loading/{table}.sql": "\n".join(texts) for table, texts in told.items()}


def transpiled() -> dict[str, str]:
    """Every query that Spark is given, by the name of its file."""
    queries = RULES | views_of_extracts()
    with TemporaryDirectory() as folder:
        of_loads = queries_of_loads(Path(folder))
    return of_loads | {name: f"{to_spark(query)[0]}\n" for name, query in queries.items()}


def renew() -> None:
    """Take what SQLGlot makes of the rules now as the golden text."""
    for path in GOLDEN.rglob("*.sql"):
        path.unlink()
    for name, text in transpiled().items():
        target = GOLDEN / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def test_every_query_is_the_golden_one() -> None:
    golden = {
        path.relative_to(GOLDEN).as_posix(): path.read_text(encoding="utf-8")
        for path in GOLDEN.rglob("*.sql")
    }
    found = transpiled()
    assert sorted(found) == sorted(golden)
    assert [name for name in found if found[name] != golden[name]] == []


def test_tables_are_views_with_their_own_names_as_aliases() -> None:
    text, read = to_spark("select orders.id from extracts.orders join book.ranks as r on r.a = id")
    assert read == ("extracts.orders", "book.ranks")
    assert "extracts__orders AS orders" in text and "book__ranks AS r" in text


def test_what_is_joined_to_a_table_in_brackets_stays() -> None:
    text, read = to_spark("select a.id from (x.a as a left join x.b as b on (a.id = b.id))")
    assert read == ("x.a", "x.b") and "JOIN x__b" in text


def test_a_table_that_a_query_makes_for_itself_is_none_of_ours() -> None:
    text, read = to_spark("with paid as (select 1 as id) select id from paid")
    assert read == () and "FROM paid" in text


def test_parameters_are_sparks() -> None:
    assert "WHERE a = :close_month" in " ".join(
        to_spark("select a from x.y where a = $close_month")[0].split()
    )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select a from x.y order by a", "ORDER BY a NULLS LAST"),
        ("select a from x.y order by a nulls first", "ORDER BY a"),
        ("select cast(a as hugeint) as a from x.y", "CAST(a AS DECIMAL(38, 0))"),
        ("select a // b as c from x.y", "a DIV b"),
        ("select list_extract(['p', 'q'], a) as b from x.y", "ELEMENT_AT(ARRAY('p', 'q'), a) AS b"),
        (
            "select cast(a as hugeint) // b as c from x.y",
            "CAST(( CAST(CAST(a AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) "
            "- CAST(CAST(a AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) % CAST(b AS DECIMAL(38, 0)) ) "
            "/ CAST(b AS DECIMAL(38, 0)) AS DECIMAL(38, 0))",
        ),
        ("select date_diff('day', a, b) as c from x.y", "DATEDIFF(DAY, a, b)"),
        ("select cast(a as timestamp) as a from x.y", "CAST(a AS TIMESTAMP_NTZ)"),
    ],
)
def test_what_the_two_engines_say_otherwise(query: str, told: str) -> None:
    assert told in " ".join(to_spark(query)[0].split())


def test_a_view_with_a_numbered_row_has_no_number_among_its_columns() -> None:
    created = "CREATE VIEW v AS SELECT * FROM drops.t QUALIFY (row_number() OVER (ORDER BY a) = 1);"
    text = to_spark(query_of_view(created, ["a", "b"]))[0]
    assert "*" not in text.split("FROM")[0] and "`a`" in text and "`b`" in text


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("VARCHAR", "string"), ("INTEGER", "int"), ("BIGINT", "bigint"), ("BOOLEAN", "boolean"),
        ("DATE", "date"), ("TIMESTAMP", "timestamp_ntz"), ("DECIMAL(18,2)", "decimal(18,2)"),
    ],
)  # fmt: skip
def test_types_go_there_and_back(duckdb: str, spark: str) -> None:
    assert as_spark_type(duckdb) == spark and as_duckdb_type(spark) == duckdb
    assert as_declared({"a": duckdb}) == f"`a` {spark}"
