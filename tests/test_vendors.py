"""The systems whose mappings ship: each export loads exactly as its expected tables say.

A vendor is a folder of data/vendors: `book` with an invented export in the system's own form and
its mapping, and in `expected` a CSV for every table that is not empty, with the columns of contract
1 and the line that each row comes from, and `sources.csv` with what the queries left.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from small_book import loaded_from

from pipelines.book.drops import COLUMNS
from pipelines.places import find_folder

pytestmark = pytest.mark.long

VENDORS = find_folder("data/vendors")
MONTH = "2026-04"
NAMES = (
    "back_office", "genealogy_levels", "odoo", "paypal_de", "shopify", "square", "stripe",
    "woocommerce",
)  # fmt: skip


def test_every_vendor_that_is_promised_is_there_and_no_other() -> None:
    assert sorted(path.name for path in VENDORS.iterdir()) == list(NAMES)


@pytest.mark.first(2)
@pytest.mark.parametrize("vendor", NAMES)
def test_a_vendors_export_loads_exactly_as_expected(vendor: str) -> None:
    expected = read_expected(VENDORS / vendor / "expected")
    assert {"members", "orders"} & expected.keys()
    with loaded_from(VENDORS / vendor / "book", MONTH, MONTH) as con:
        found = {table: rows_of(con, table) for table in COLUMNS}
        found["sources"] = read_rows(
            con, "select source, file, rows, left_out from quality.sources order by 1"
        )
        assert con.execute("select * from quality.quarantine").fetchall() == []
    assert {name: rows for name, rows in found.items() if len(rows) > 1} == expected


def read_expected(folder: Path) -> dict[str, list[list[str]]]:
    """The tables that are expected, with their headers."""
    return {
        path.stem: list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        for path in folder.iterdir()
    }


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[list[str]]:
    """A loaded table as text, times in UTC, in the order of the export."""
    columns = ", ".join(COLUMNS[table])
    return read_rows(con, f"select {columns}, line from extracts.{table} order by line, {columns}")


def read_rows(con: duckdb.DuckDBPyConnection, query: str) -> list[list[str]]:
    """A query's header and rows as text."""
    found = con.execute(query)
    header = [column[0] for column in found.description or ()]
    return [header, *[["" if cell is None else str(cell) for cell in row]
                      for row in found.fetchall()]]  # fmt: skip
