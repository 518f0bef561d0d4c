"""The conditions by which a mapping's query leaves rows of its sources out (contract 5).

Belongs here: which of them can be held against a source by itself. They are the parts of a `where`
that hang together by `and` and look at nothing but the source's own columns. What groups, joins and
`distinct` leave out has no condition of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

Node = dict[str, Any]
Walk = Callable[[Any], Iterator[Node]]
NOT_OF_A_ROW = {"SUBQUERY", "WINDOW"}
MOST = 100


@dataclass(frozen=True)
class Condition:
    """A condition of a query, as the engine writes it, and the source that it is on.

    `alias` is what the query calls the source there.
    """

    source: str
    alias: str
    text: str


def find_conditions(
    nodes: list[Node], walk: Walk, sources: dict[str, str], con: duckdb.DuckDBPyConnection
) -> tuple[Condition, ...]:
    """The conditions of a query, in the order they stand there.

    In: its statement as the engine's parser gives it, what walks over its nodes, the sources' names
    by their small letters, an engine to write with. One on columns that name no relation is told of
    each source beside it: the engine finds out which of them has these columns.
    """
    found: dict[Condition, int] = {}
    for node in walk(nodes):
        if node.get("type") != "SELECT_NODE" or not node.get("where_clause"):
            continue
        relations = dict(_relations(node.get("from_table") or {}, sources))
        for part in _parts(node["where_clause"]):
            names = _aliases(part, walk)
            for alias, source in relations.items():
                if names is not None and names <= {alias, ""} and len(found) < MOST:
                    condition = Condition(source, alias, _text(part, con))
                    found.setdefault(condition, int(part.get("query_location") or 0))
    return tuple(sorted(found, key=lambda condition: found[condition]))


def _relations(node: Node, sources: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The sources that stand side by side, each with the name that it has there."""
    if node.get("type") == "JOIN":
        yield from _relations(node["left"], sources)
        yield from _relations(node["right"], sources)
    elif node.get("type") == "BASE_TABLE" and not node.get("column_name_alias"):
        name = str(node["table_name"]).lower()
        if name in sources:
            yield str(node.get("alias") or node["table_name"]).lower(), sources[name]


def _parts(node: Node) -> Iterator[Node]:
    if node.get("type") == "CONJUNCTION_AND":
        for child in node["children"]:
            yield from _parts(child)
    else:
        yield node


def _aliases(part: Node, walk: Walk) -> set[str] | None:
    """The relations that a condition names; None where it is not one on a row's own columns."""
    names: set[str] = set()
    is_on_columns = False
    for node in walk(part):
        kind = node.get("class")
        if kind in NOT_OF_A_ROW:
            return None
        if kind == "COLUMN_REF":
            is_on_columns = True
            names.add(
                str(node["column_names"][-2]).lower() if len(node["column_names"]) > 1 else ""
            )
    return names if is_on_columns else None


def _text(part: Node, con: duckdb.DuckDBPyConnection) -> str:
    [(plain,)] = con.execute("select json_serialize_sql('select 1')").fetchall()
    statement = json.loads(plain)
    statement["statements"][0]["node"]["select_list"] = [part]
    [(text,)] = con.execute(
        "select json_deserialize_sql($1::json)", [json.dumps(statement)]
    ).fetchall()
    return str(text).removeprefix("SELECT ")
