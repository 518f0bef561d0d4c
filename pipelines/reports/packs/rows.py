"""The rows of leaders' packs: out of the month's tables, and to each leader the own ones.

Belongs here: which files a pack has, in which order their rows stand, how they come out of the
engine. The engine writes the lines of the CSV files; what passes through Python row by row is only
what a page shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.reports.csv_files import free_columns, printed_columns, written_line
from pipelines.rules.models import Model

MOST_SHOWN = 100
# Leaders are taken some at a time, so that a process holds no more than their rows.
SLICE = 250


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its table, its order, and what its page makes of it.

    `listed`: which rows the page shows, in `page_order`, and `shown`: which of their columns;
    `waiting`: which of them ask for an act; `summed`: the column whose sum over all rows it tells.
    """

    name: str
    order: str
    page_order: str
    shown: tuple[str, ...]
    listed: str = "true"
    waiting: str = "true"
    summed: str = "null"

    @property
    def table(self) -> str:
        """Its table in the warehouse."""
        return f"leaders.{self.name}"


PACK_FILES = (
    PackFile(
        "inactivity", "member_id", "deadline, member_id",
        ("member_id", "name", "email", "phone", "member_type", "relation", "level",
         "last_activity_on", "deadline"),
    ),
    PackFile(
        "referrals", "ordered_at, order_id", "contact_opt_out, contact_by desc, order_id",
        ("order_id", "ordered_at", "customer_name", "customer_email", "customer_phone", "bv",
         "contact_by", "contact_opt_out", "is_moved"),
        waiting="not contact_opt_out",
    ),
    PackFile(
        "leads", "requested_at, lead_id", "contact_opt_out, contact_by desc, lead_id",
        ("lead_id", "requested_at", "name", "email", "phone", "contact_by", "contact_opt_out"),
        waiting="not contact_opt_out",
    ),
    PackFile(
        "follow_ups", "due_to, order_id, task", "due_to, order_id, task",
        ("order_id", "task", "due_from", "due_to", "customer_name", "customer_email",
         "customer_phone"),
        listed="not is_past",
    ),
    PackFile(
        "customers", "customer_email", "attention desc, net_bv desc, customer_email",
        ("customer_email", "basis", "orders", "net_bv", "last_order_on", "attention"),
        listed="attention is not null",
    ),
    PackFile(
        "commissions", "billing_id", "billed_on, billing_id",
        ("billing_id", "subscription_id", "customer_email", "billed_on", "amount", "rate",
         "commission"),
        waiting="false", summed="commission",
    ),
    PackFile(
        "onboarding", "account_id", "overdue desc, account_id",
        ("account_id", "stage", "balance", "overdue", "next_due_on", "next_due_amount", "help"),
        listed="help is not null",
    ),
)  # fmt: skip


@dataclass
class Section:
    """A leader's rows of one file: how many, how many its page lists, how many of those ask for an
    act, what they come to where that is told; the columns with their types, the first of those
    listed, and the file's text."""

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    listed: int = 0
    waiting: int = 0
    sum: Decimal | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    text: str = ""

    @property
    def first(self) -> dict[str, Any]:
        """The first row that the page shows."""
        return dict(zip(self.columns, self.rows[0], strict=True))


@dataclass(frozen=True)
class LeaderRows:
    """What a pack is made from: the leader's row of leaders.packs, and a section for each file."""

    pack: dict[str, Any]
    sections: dict[str, Section]


def store_packs(con: duckdb.DuckDBPyConnection, models: list[Model], store: Path | None) -> int:
    """Put the packs' rows, in their order, into `store`, which other processes can read.

    In: the warehouse with the month's rows; a file that is not there yet, or None for tables that
    this connection keeps in memory. It stays attached as `packs`. Out: how many packs there are.
    """
    tables = {model.table: model for model in models}
    place = str(store).replace("'", "''") if store else ":memory:"
    con.execute(f"attach '{place}' as packs")
    # By their folders' names with the slash: so the paths of all files are in byte order.
    con.execute("""
        create table packs.leaders as
        select row_number() over (order by concat(leader_id, '/')) - 1 as place, *
        from leaders.packs order by place
    """)
    for file in PACK_FILES:
        model = tables[file.table]
        columns = printed_columns(con, model)
        header, line = ",".join(columns), written_line(columns, free_columns(model))
        con.execute(f"create table packs.{file.name}_files as {_files(header, line, file)}")
        con.execute(f"create table packs.{file.name}_rows as {_rows(file)}")
    [(count,)] = con.execute("select count(*) from packs.leaders").fetchall()
    return int(count)


def _files(header: str, line: str, file: PackFile) -> str:
    """SQL for a leader's file as one text, with its counts; `line` is a row's in SQL."""
    return f"""
        select
            leader.place,
            count(*) as total,
            count(*) filter (where {file.listed}) as listed,
            count(*) filter (where {file.listed} and {file.waiting}) as waiting,
            cast(sum({file.summed}) as decimal(38, 2)) as sum,
            '{header}' || chr(10)
                || string_agg({line} || chr(10), '' order by {file.order})
                as text
        from {file.table}
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        group by leader.place
        order by leader.place
    """


def _rows(file: PackFile) -> str:
    """SQL for the rows that a leader's page shows."""
    names = ", ".join(f'"{name}"' for name in file.shown)
    return f"""
        select
            leader.place,
            row_number() over (partition by leader.place order by {file.page_order}) as row_no,
            {names}
        from {file.table}
        join (select place, leader_id from packs.leaders) as leader using (leader_id)
        where {file.listed}
        qualify row_no <= {MOST_SHOWN}
        order by leader.place, row_no
    """


def read_packs(con: duckdb.DuckDBPyConnection, part: int, parts: int) -> Iterator[list[LeaderRows]]:
    """The packs of every slice whose number leaves `part` when divided by `parts`, in order.

    In: a connection that has the store attached as `packs`.
    """
    [(count,)] = con.execute("select count(*) from packs.leaders").fetchall()
    for start in range(part * SLICE, count, parts * SLICE):
        yield list(_read_slice(con, (start, start + SLICE - 1)))


def _read_slice(con: duckdb.DuckDBPyConnection, bounds: tuple[int, int]) -> Iterator[LeaderRows]:
    names, leaders = _read(con, "leaders", bounds, "place")
    found = {file.name: _read_sections(con, file.name, bounds) for file in PACK_FILES}
    for row in leaders:
        sections = {name: each.get(row[0]) or Section(name) for name, each in found.items()}
        yield LeaderRows(dict(zip(names, row, strict=True)), sections)


def _read_sections(
    con: duckdb.DuckDBPyConnection, name: str, bounds: tuple[int, int]
) -> dict[int, Section]:
    _, files = _read(con, f"{name}_files", bounds, "place")
    columns, rows = _read(con, f"{name}_rows", bounds, "place, row_no")
    shown = {place: tuple(each) for place, each in groupby(rows, key=itemgetter(0))}
    return {
        place: Section(name, columns, total, listed, waiting, sum, shown.get(place, ()), text)
        for place, total, listed, waiting, sum, text in files
    }


def _read(
    con: duckdb.DuckDBPyConnection, table: str, bounds: tuple[int, int], order: str
) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """A table's columns with their types, and its rows of some leaders."""
    found = con.execute(
        f"select * from packs.{table} where place between $1 and $2 order by {order}",
        list(bounds),
    )
    columns = {name: str(type_) for name, type_, *_ in found.description or []}
    return columns, found.fetchall()
