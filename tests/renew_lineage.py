"""Renews pipelines/orchestration/lineage.json: which columns each column of a rule is made from.

    make lineage

Belongs here: reading it off the SQL files, by a parser that only work on the project has. What is
shown of it is `pipelines.orchestration.lineage`'s.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
from conftest import SAMPLE, close_quietly
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify

from pipelines.engines.duck import PARAMETER
from pipelines.rules.models import Model, read_models

FILE = Path(__file__).resolve().parent.parent / "pipelines" / "orchestration" / "lineage.json"
Columns = dict[str, Any]
Lineage = dict[str, list[list[str]]]


def read_columns(warehouse: Path) -> Columns:
    """Every column of a published warehouse with its type, by schema and table."""
    columns: Columns = {}
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by all"
        ).fetchall()
    for schema, table, column, kind in found:
        columns.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return columns


def model_lineage(model: Model, columns: Columns) -> Lineage:
    """Of each column of a model the columns, as table and column, that its cells are made from."""
    query = PARAMETER.sub("null", re.sub(r"--.*", "", model.query))
    schema: Any = columns
    tree: Any = qualify(exp.maybe_parse(query, dialect="duckdb"), schema=schema, dialect="duckdb")
    names = [column.alias_or_name for column in tree.selects]
    return {
        name: sorted(
            [table, column]
            for table, column in {
                *_leaves(lineage(name, tree.copy(), schema=schema, dialect="duckdb"))
            }
            if table != model.table
        )
        for name in names
    }


def _leaves(root: Node) -> Iterator[tuple[str, str]]:
    for node in root.walk():
        if isinstance(node.expression, exp.Table):
            table = f"{node.expression.db}.{node.expression.name}"
            yield table, node.name.split(".")[-1].strip('"')


def digest(model: Model) -> str:
    """What tells a model's query from another."""
    return hashlib.sha256(model.query.encode()).hexdigest()


def as_text(told: Mapping[str, Mapping[str, object]]) -> str:
    """The lineage as the file has it: JSON, a line a table."""
    lines = [
        f" {json.dumps(table)}: {json.dumps(told[table], sort_keys=True)}" for table in sorted(told)
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write the lineage of all models anew."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        close_quietly(SAMPLE, home, "2020-01")
        columns = read_columns(home / "warehouse.duckdb")
    told: dict[str, dict[str, Any]] = {
        model.table: {"query": digest(model), "columns": model_lineage(model, columns)}
        for model in read_models()
    }
    FILE.write_text(as_text(told), encoding="utf-8")


if __name__ == "__main__":
    main()
