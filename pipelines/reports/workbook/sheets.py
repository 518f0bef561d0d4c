"""A finance report as a sheet: its columns and their titles, names beside ids, sums and widths.

Belongs here: what a sheet holds and where it is read. Its columns are the CSV's, in their order;
only the names of members are added, each beside its id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pipelines.months import Month
from pipelines.reports.workbook.sheet_rows import MOST_ROWS, column_name, is_amount, is_number
from pipelines.rules.models import Model, rows_of
from pipelines.rules.report_shapes import REPORT_SHAPES

# Sums of these say nothing: a line is no addend, and a member's downline is in many figures.
PROOF = "reconciliation"
NOT_ADDED = ("group_bv", "payline_bv")
BV = re.compile(r"(^|_)bv(_|$)")
WIDEST = 40
# The ids that are members', and SQL for what an empty one is called.
MEMBERS = {"member_id": "'The house'", "party_id": "null", "consultant_id": "null"}
WHOLE_WORDS = {"bv": "BV", "id": "ID"}


@dataclass(frozen=True)
class Total:
    """The sum of a column; of the rows in one currency, where the report has money in several."""

    column: str
    sum: Decimal
    currency: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One report as a sheet: its columns with types, how many rows, the totals of its amounts.

    `source` is SQL for its rows, to stand after `from`, with the names that stand beside ids.
    """

    model: Model
    columns: dict[str, str]
    source: str
    rows: int
    totals: list[Total]
    widths: list[int]

    @property
    def name(self) -> str:
        """What the sheet is called: as its CSV file."""
        return self.model.name

    @property
    def shown(self) -> int:
        """How many of its rows a sheet can hold."""
        return min(self.rows, MOST_ROWS)

    @property
    def is_cut(self) -> bool:
        """Whether the CSV has more rows than a sheet can hold."""
        return self.rows > self.shown

    def range_of(self, column: str) -> str:
        """A column's cells, as a formula of another sheet names them."""
        letters = column_name([*self.columns].index(column))
        return f"{self.name}!{letters}2:{letters}{max(2, self.shown + 1)}"


def titled(column: str) -> str:
    """A column's name as a title: posting_no is Posting no, net_bv is Net BV."""
    words = [WHOLE_WORDS.get(word, word) for word in column.split("_")]
    title = " ".join(words)
    return title[0].upper() + title[1:]


def read_sheet(con: duckdb.DuckDBPyConnection, model: Model, month: Month) -> Sheet:
    """A report of a month as a sheet, without its rows."""
    printed = REPORT_SHAPES[model.table].columns
    columns = _with_names(printed)
    source = _source(printed, rows_of(model, month.text))
    lengths = [_longest(name, kind) for name, kind in columns.items()]
    [(rows, *longest)] = con.execute(
        f"select {', '.join(['count(*)', *lengths])} from {source}"
    ).fetchall()
    added = [
        name
        for name, kind in printed.items()
        if is_amount(kind) and name not in NOT_ADDED and model.name != PROOF
    ]
    totals = _totals(con, rows_of(model, month.text), added, "currency" in columns)
    return Sheet(model, columns, source, rows, totals, _widths(columns, longest))


def _totals(
    con: duckdb.DuckDBPyConnection, rows: str, added: list[str], has_currency: bool
) -> list[Total]:
    """The sums of amounts: BV in all, and money by currency where there are several."""
    if not added:
        return []
    sums = ", ".join(f'coalesce(sum("{name}"), 0)' for name in added)
    [in_all] = con.execute(f"select {sums} from {rows}").fetchall()
    by_currency = con.execute(
        f"select currency, {sums} from {rows} group by currency order by currency"
    ).fetchall() if has_currency else []  # fmt: skip
    totals = []
    for at, name in enumerate(added):
        if len(by_currency) < 2 or BV.search(name):
            totals.append(Total(name, in_all[at]))
        else:
            totals += [Total(name, row[at + 1], row[0]) for row in by_currency]
    return totals


def _longest(name: str, kind: str) -> str:
    """SQL for the length of a column's longest cell: of figures the least or the most has it."""
    cells = [f'min("{name}")', f'max("{name}")'] if is_number(kind) else [f'"{name}"']
    lengths = [f"length(cast({cell} as varchar))" for cell in cells]
    longest = f"greatest({', '.join(lengths)})" if is_number(kind) else f"max({lengths[0]})"
    return f"coalesce({longest}, 0)"


def _widths(columns: Mapping[str, str], longest: list[int]) -> list[int]:
    return [
        # A title needs room for the filter's arrow, a figure for its thousands apart.
        min(WIDEST, max(len(titled(name)) + 3, length + (4 if is_number(columns[name]) else 2)))
        for name, length in zip(columns, longest, strict=True)
    ]


def name_column(id: str) -> str:
    """The column of the names that stand beside a column of ids."""
    return f"{id.removesuffix('_id')}_name"


def _with_names(printed: Mapping[str, str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name, kind in printed.items():
        columns[name] = kind
        if name in MEMBERS:
            columns[name_column(name)] = "VARCHAR"
    return columns


def _source(printed: Mapping[str, str], rows: str) -> str:
    """SQL for a report's rows with names; who has left the company's list has none."""
    ids = [name for name in printed if name in MEMBERS]
    if not ids:
        return rows
    named = [
        f"case when report.{id} is null then {MEMBERS[id]} else {id}_member.name end "
        f"as {name_column(id)}"
        for id in ids
    ]
    joins = [
        f"left join extracts.members as {id}_member on {id}_member.member_id = report.{id}"
        for id in ids
    ]
    return (
        f"(select report.*, {', '.join(named)} from (select * from {rows}) as report "
        f"{' '.join(joins)}) as named"
    )
