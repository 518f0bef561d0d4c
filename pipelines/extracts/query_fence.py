"""What a mapping's query may say: one select over sources, nothing that reaches out (contract 5).

Belongs here: the query taken apart by the engine's own parser, and an allow-list of what stands in
it. What runs it, and the fence of the engine's settings, is in `query_process`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.book.date_formats import read_date_format
from pipelines.book.toml_reading import nearest
from pipelines.extracts.query_conditions import Condition, find_conditions
from pipelines.extracts.query_functions import FUNCTIONS, GIVEN, TABLE_FUNCTIONS

QUERY_NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
RELATIONS = {
    "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT",
}  # fmt: skip
EXPRESSIONS = {
    "COLUMN_REF", "CONSTANT", "FUNCTION", "CAST", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE",
    "STAR", "SUBQUERY", "WINDOW", "LAMBDA", "LAMBDA_REF", "BETWEEN", "COLLATE", "TYPE",
    "POSITIONAL_REFERENCE",
}  # fmt: skip
# Names that mean no column, when none is called so, but something outside.
OUTSIDE = {
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "today",
    "now", "current_user", "session_user", "user", "current_role", "current_schema",
    "current_catalog", "current_database",
}  # fmt: skip
CATALOGUES = ("duckdb_", "pragma_", "pg_", "sqlite_", "information_schema")
NO_PLACE = (1 << 64) - 1
Node = dict[str, Any]


class QueryFault(Exception):
    """What is wrong with a query, and in which of its lines."""

    def __init__(self, line: int, told: str) -> None:
        super().__init__(told)
        self.line = line


@dataclass(frozen=True)
class QueryParts:
    """What a query needs: the sources that it names, the formats that it reads by, its columns.

    `aliases` leads from a name that a source bears in the query to the source; `columns` are
    (alias, column) pairs, the alias empty where a column stands alone; `joined_by` are columns that
    relations are joined by; `conditions` are what rows of the sources have to meet.
    """

    sources: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    aliases: dict[str, str] = field(default_factory=dict)
    columns: frozenset[tuple[str, str]] = frozenset()
    joined_by: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()


def read_query(text: str, sources: list[str]) -> QueryParts:
    """Take a query apart; QueryFault where it is not one select, or reaches outside.

    In: the names of the mapping's sources.
    """
    nodes = _parse(text)
    every = list(_walk(nodes))
    names = {str(key["key"]).lower() for node in every for key in _common_tables(node)}
    known = {name.lower(): name for name in sources}
    check = _Check(text, known, names)
    for node in every:
        check.node(node)
    used = {known[name] for name in check.tables.values()}
    return QueryParts(
        frozenset(used),
        frozenset(check.formats),
        {alias: known[name] for alias, name in check.tables.items()},
        frozenset(check.columns),
        frozenset(check.joined_by),
        _conditions(nodes, {low: name for low, name in known.items() if low not in names}),
    )


def _conditions(nodes: list[Node], sources: dict[str, str]) -> tuple[Condition, ...]:
    """What rows must meet; nothing where the engine cannot write a condition down again."""
    con = duckdb.connect()
    try:
        return find_conditions(nodes, _walk, sources, con)
    except duckdb.Error:
        return ()
    finally:
        con.close()


def line_at(text: str, place: int | None) -> int:
    """The line of a query's text that a place in it, as the engine counts, lies in."""
    if place is None or place >= NO_PLACE:
        return 1
    return text.encode()[:place].count(b"\n") + 1


def _parse(text: str) -> list[Node]:
    con = duckdb.connect()
    try:
        [(found,)] = con.execute("select json_serialize_sql($1)", [text]).fetchall()
    finally:
        con.close()
    parsed = json.loads(found)
    if parsed["error"]:
        place = parsed.get("position")
        raise QueryFault(line_at(text, int(place) if place else None), _first(parsed))
    statements = list(parsed["statements"])
    if len(statements) != 1:
        raise QueryFault(1, f"must be one select, found {len(statements)} statements")
    return statements


def _first(parsed: Node) -> str:
    told = str(parsed["error_message"]).splitlines()[0]
    return "must be one select" if told.startswith("Only SELECT") else told


def _walk(node: Any) -> Iterator[Node]:
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            yield found
            pending += found.values()
        elif isinstance(found, list):
            pending += found


def _walk_within(select: Node) -> Iterator[Node]:
    """The nodes of a select that are in no query inside it."""
    pending: list[Any] = list(select.values())
    while pending:
        found = pending.pop()
        if isinstance(found, dict) and not str(found.get("type", "")).endswith("_NODE"):
            yield found
            pending += found.values()
        elif isinstance(found, list):
            pending += found


def _common_tables(node: Node) -> list[Node]:
    map_ = node.get("cte_map")
    return list(map_["map"]) if isinstance(map_, dict) else []


class _Check:
    """One pass over a query's nodes; `tables`, `formats` and `columns` are what was found."""

    def __init__(self, text: str, sources: dict[str, str], common: set[str]) -> None:
        self._text, self._sources, self._common = text, sources, common
        self.tables: dict[str, str] = {}
        self.formats: set[str] = set()
        self.columns: set[tuple[str, str]] = set()
        self.joined_by: set[str] = set()
        for name in common:
            if name.startswith(CATALOGUES):
                raise QueryFault(1, f"{name!r} is a name of the engine's own; choose another")

    def node(self, node: Node) -> None:
        """Look at one node; QueryFault where it is none of those allowed."""
        kind = str(node.get("type", ""))
        if node.get("sample") is not None:
            raise self._refuse(node, "a sample is chance")
        if "class" in node:
            self._expression(node)
        elif kind.endswith("_NODE"):
            if kind not in QUERY_NODES:
                raise self._refuse(node, "must be one select")
            self._own_columns(node)
        elif "alias" in node and "query_location" in node:
            self._relation(node, kind)

    def _refuse(self, node: Node, told: str) -> QueryFault:
        return QueryFault(line_at(self._text, node.get("query_location")), told)

    def _relation(self, node: Node, kind: str) -> None:
        if kind not in RELATIONS:
            raise self._refuse(node, f"{kind.lower()} cannot stand in a mapping's query")
        if kind == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if name not in TABLE_FUNCTIONS:
                raise self._refuse(node, _outside(name))
        if kind == "BASE_TABLE":
            self._table(node)
        if kind == "JOIN":
            self.joined_by |= {str(name) for name in node.get("using_columns") or []}

    def _table(self, node: Node) -> None:
        name, lower = str(node["table_name"]), str(node["table_name"]).lower()
        if node.get("schema_name") or node.get("catalog_name") or node.get("at_clause"):
            raise self._refuse(node, f"{name!r} must be a source's name alone")
        if lower in self._common:
            return
        if lower not in self._sources:
            hint = nearest(name, list(self._sources.values()) or ["no source at all"])
            raise self._refuse(node, f"{name!r} is no source of the mapping, {hint}")
        self.tables[str(node.get("alias") or name).lower()] = lower

    def _own_columns(self, node: Node) -> None:
        """A column that stands alone in a select over one relation is that one's."""
        table: Node = node.get("from_table") or {}
        if table.get("type") != "BASE_TABLE":
            return
        alias = str(table.get("alias") or table["table_name"]).lower()
        for each in _walk_within(node):
            if each.get("class") == "COLUMN_REF" and len(each["column_names"]) == 1:
                self.columns.add((alias, str(each["column_names"][0])))

    def _expression(self, node: Node) -> None:
        kind = str(node["class"])
        if kind not in EXPRESSIONS:
            raise self._refuse(node, f"{kind.lower()} cannot stand in a mapping's query")
        if kind in ("FUNCTION", "WINDOW"):
            self._function(node)
        elif kind == "COLUMN_REF":
            names = [str(name) for name in node["column_names"]]
            if len(names) == 1 and names[0].lower() in OUTSIDE:
                told = f"{_outside(names[0])}; of a column say the source too, as shop.{names[0]}"
                raise self._refuse(node, told)
            self.columns.add((names[-2].lower() if len(names) > 1 else "", names[-1]))

    def _function(self, node: Node) -> None:
        name = str(node["function_name"]).lower()
        # What stands before a point is a schema, or the first argument: the engine finds out.
        before = bool(node.get("schema"))
        arguments = [each["expression"] for each in node.get("arguments") or []
                     if isinstance(each, dict) and "expression" in each]  # fmt: skip
        if name == "age" and (before or len(arguments) < 2):
            raise self._refuse(node, "age with one time reaches the time of day: give it two")
        if name in TABLE_FUNCTIONS | FUNCTIONS:
            self._formats(node, name, arguments if before else arguments[1:])
            return
        raise self._refuse(node, _outside(name))

    def _formats(self, node: Node, name: str, arguments: list[Node]) -> None:
        if name not in ("to_day", "to_time"):
            return
        given = [each for argument in arguments for each in _walk(argument)
                 if each.get("class") == "CONSTANT"]  # fmt: skip
        for each in given:
            said: Node = each.get("literal") or {}
            text = str(said.get("text", ""))
            try:
                read_date_format(text)
            except ValueError as error:
                raise self._refuse(
                    each, f"{name}: found {text!r}, must be a format of strptime's, {error}"
                ) from error
            self.formats.add(text)
        if not given:
            raise self._refuse(node, f"{name}: the format must stand there as a text in quotes")


def _outside(name: str) -> str:
    return (
        f"{name!r} cannot be used in a mapping's query: it is none of the functions that depend on "
        f"their arguments alone; besides DuckDB's there are {', '.join(GIVEN)}"
    )
