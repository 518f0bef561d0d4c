"""The rows of leaders' packs, read from their store: to each leader the own ones.

Belongs here: what there is of a leader, and how it is read, some leaders at a time. How the store
is laid out is said in store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.reports.packs.files import PACK_FILES

# Leaders are taken some at a time, so that a process holds no more than their rows: so many make a
# piece of the ZIP file, and so many pieces' are read at once.
SLICE = 250
SLICES_READ = 4
# The months with volume, personal and group volume in each: for the lines of a page alone.
Trend = tuple[list[str], list[float], list[float]]
TREND = ("months", "personal", "of_group")


@dataclass
class Section:
    """A leader's rows of one file: how many, how many its page lists, how many of those ask for an
    act, for how many the month's end came first, whether the page takes some of the file's rows as
    one, what they come to where that is told; the columns with their types, those listed, and the
    file's bytes."""

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    listed: int = 0
    waiting: int = 0
    past: int = 0
    is_merged: bool = False
    sum: Decimal | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    text: bytes = b""

    @property
    def first(self) -> dict[str, Any]:
        """The first row that the page shows."""
        return dict(zip(self.columns, self.rows[0], strict=True))


@dataclass(frozen=True)
class LeaderRows:
    """What a pack is made from: the leader's row of leaders.packs, a section for each file, and
    the volumes that the page's lines go through."""

    pack: dict[str, Any]
    sections: dict[str, Section]
    trend: Trend | None


def read_next_window(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The window that comes next, if the calendar has one. In: as for `read_packs`."""
    found = con.execute("select * from packs.next_window")
    names = [name for name, *_ in found.description or []]
    rows = found.fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def read_packs(con: duckdb.DuckDBPyConnection, part: int, parts: int) -> Iterator[list[LeaderRows]]:
    """The packs of every slice whose number leaves `part` when divided by `parts`, in order.

    In: a connection that has the store attached as `packs`.
    """
    [(count,)] = con.execute("select count(*) from packs.leaders").fetchall()
    step = SLICES_READ * parts * SLICE
    for start in range(0, count, step):
        part_of = _Part(con, start, start + step - 1, part, parts)
        for _, leaders in groupby(part_of.read(), key=lambda one: one.pack["place"] // SLICE):
            yield list(leaders)


@dataclass(frozen=True)
class _Part:
    """Some slices of the store, read at once: a query takes as long as reading some leaders."""

    con: duckdb.DuckDBPyConnection
    first: int
    last: int
    part: int
    parts: int

    def read(self) -> Iterator[LeaderRows]:
        """What there is of each of its leaders."""
        names, leaders = self._rows("leaders")
        sections = self._sections()
        without = {file.name: Section(file.name) for file in PACK_FILES}
        for row in leaders:
            pack = dict(zip(names, row, strict=True))
            months, personal, of_group = (pack.pop(name) for name in TREND)
            trend = (months, personal, of_group) if months else None
            yield LeaderRows(pack, without | sections.get(pack["place"], {}), trend)

    def _sections(self) -> dict[int, dict[str, Section]]:
        """Their sections by place and name."""
        listed = {file.name: self._listed(file.name) for file in PACK_FILES}
        found: dict[int, dict[str, Section]] = {}
        _, files = self._rows("files")
        for place, name, total, count, waiting, past, is_merged, sum, text in files:
            columns, rows = listed[name]
            shown = rows.get(place, ())
            found.setdefault(place, {})[name] = Section(
                name, columns, total, count, waiting, past, is_merged, sum, shown, text
            )
        return found

    def _listed(self, name: str) -> tuple[dict[str, str], dict[int, tuple[tuple[Any, ...], ...]]]:
        """The columns of a file's page, and the rows that it shows of each leader."""
        columns, rows = self._rows(f"{name}_rows", "* exclude (row_no)", "place, row_no")
        return columns, {place: tuple(each) for place, each in groupby(rows, key=itemgetter(0))}

    def _rows(
        self, table: str, selected: str = "*", order: str = "place"
    ) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        """A table's columns with their types, and its rows of these leaders."""
        found = self.con.execute(
            f"select {selected} from packs.{table} where place between $1 and $2 "
            f"and place // {SLICE} % $3 = $4 order by {order}",
            [self.first, self.last, self.parts, self.part],
        )
        columns = {name: str(type_) for name, type_, *_ in found.description or []}
        return columns, found.fetchall()
