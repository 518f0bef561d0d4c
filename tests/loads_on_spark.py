"""Spoiled drops loaded on Spark and on DuckDB, as a process of its own: REMOTE FOLDER [SEED…].

Prints where what was loaded, listed or said differs; with seeds, of wild books in place of the
spoiled ones. Belongs here: books in which every code is listed, rows come of several files and of
queries, and loads stop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from pyspark.sql.connect.session import SparkSession
from small_book import drop, row, write_book
from spoiled_drops import CODES, of_every_code
from test_mapping_queries import ORDERS, REVERSALS, made
from test_streaming import LENIENT, several_files
from wild_books import MONTHS, wild_book

from pipelines.book.drops import open_book
from pipelines.engines.duck_rules import DuckEngine
from pipelines.engines.engine import Engine
from pipelines.engines.parquet_tables import ParquetTables
from pipelines.engines.spark import SparkEngine
from pipelines.engines.spark_session import open_session
from pipelines.extracts.load import forget_later_drops, replace_table
from pipelines.extracts.program_tables import OWN_TABLES
from pipelines.extracts.shapes import SHAPES
from pipelines.extracts.warehouse import open_warehouse
from pipelines.months import Month
from pipelines.stop import Stop

TABLES = [
    *(f"drops.{table}" for table in SHAPES),
    *(table for table in OWN_TABLES if table.split(".")[0] in ("drops", "quality")),
]
Tables = dict[str, tuple[list[Any], list[Any]]]


@dataclass(frozen=True)
class Loaded:
    """A book, and the months that are loaded of it one after the other."""

    name: str
    book: Path
    months: tuple[str, ...] = ("2020-01",)


def spoiled_books(folder: Path) -> Iterator[Loaded]:
    """The books, each in a folder of its own."""
    every = write_book(folder / "every", *of_every_code(), policy=LENIENT)
    # The first again after the later month, which is forgotten then.
    yield Loaded("every code", every, ("2020-01", "2020-02", "2020-01"))
    yield Loaded("several files", write_book(folder / "files", several_files(), policy=LENIENT))
    query = ORDERS.replace("where Shop is not null", "")
    yield Loaded("a query", made(folder / "query", {"orders": query, "reversals": REVERSALS}))
    circle = [row("members", member_id="M1", sponsor_id="M3")]
    circle += [row("members", member_id=f"M{at}", sponsor_id=f"M{at - 1}") for at in (2, 3)]
    yield Loaded("a circle", write_book(folder / "circle", drop(members=circle)))
    two = [row("members"), row("members", name="Bea")]
    yield Loaded("two members of an id", write_book(folder / "two", drop(members=two)))
    bad = [row("orders", order_id=f"O{at}", amount="x") for at in range(12)]
    yield Loaded("too many", write_book(folder / "many", drop(orders=bad)))
    yield Loaded("no row", write_book(folder / "none", drop(orders=[])))


def wild_books(folder: Path, seeds: list[str]) -> Iterator[Loaded]:
    """Wild books of these seeds, all of their months."""
    for seed in seeds:
        yield Loaded(f"wild {seed}", wild_book(int(seed)).write(folder / f"wild-{seed}"), MONTHS)


def load(engine: Engine, book: Path, month: str) -> str:
    """Load a month's drop as its close does; out: why that stopped."""
    opened = open_book(book, Month(month))
    opened_drop = opened.drop(Month(month))
    with engine.transaction():
        forget_later_drops(engine.loading(), Month(month))
    engine.begin()
    try:
        for shape in SHAPES.values():
            with engine.transaction():
                replace_table(engine.loading(), opened, opened_drop, shape)
    except Stop as stop:
        return str(stop)
    return ""


def rows_of(con: duckdb.DuckDBPyConnection) -> Tables:
    """Every table of the extracts, with its columns."""
    return {
        table: (
            con.execute(f"describe from {table}").fetchall(),
            con.execute(f"from {table} order by all").fetchall(),
        )
        for table in TABLES
    }


@contextmanager
def both_engines(
    session: SparkSession, folder: Path
) -> Iterator[tuple[Callable[[str], Engine], Callable[[str], Engine]]]:
    """What gives either engine for a month, over a working file of its own."""
    with open_warehouse(folder / "spark.duckdb") as one, open_warehouse(None) as two:
        tables = ParquetTables(one, folder / "tables")
        tables.prepare()
        known: dict[str, tuple[object, ...]] = {}
        yield (
            lambda month: SparkEngine(one, session, tables, month, known),
            lambda month: DuckEngine(two),
        )


def main(remote: str, folder: Path, seeds: list[str]) -> int:
    """Load the books; out: 1 where anything differs."""
    books = wild_books(folder, seeds) if seeds else spoiled_books(folder)
    differ, listed, loads = 0, set(), 0
    with open_session(remote, folder) as session:
        for each in books:
            work = folder / f"{each.book.parent.name}-{each.book.name}-work"
            work.mkdir()
            with both_engines(session, work) as engines:
                for month in each.months:
                    told = [load(engine(month), each.book, month) for engine in engines]
                    found, wanted = (rows_of(engine(month).reader) for engine in engines)
                    names = [name for name in TABLES if found[name] != wanted[name]]
                    listed |= {row[5] for row in wanted["quality.quarantine"][1]}
                    loads += 1
                    if names or told[0] != told[1]:
                        differ += 1
                        print(f"{each.name} {month}: {names} {told}", flush=True)
                        for name in names[:2]:
                            print(name, found[name][1][:9], wanted[name][1][:9], sep="\n")
            left = [path for path in work.glob("tables/loading.*/*/*") if not told[0]]
            if left:
                differ += 1
                print(f"{each.name}: {left} are left", flush=True)
    print(f"{loads} loads, {differ} differ")
    if not seeds and CODES - listed:
        print(f"never listed: {CODES - listed}")
        return 1
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
