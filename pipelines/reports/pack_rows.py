"""The rows of leaders' packs, leader by leader, in one pass over each table of sql/leaders.

Belongs here: how rows come out of the engine and go into a leader's CSV, however many there are.
Nothing of a leader is held but what its page shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.models import Model
from pipelines.reports.csv_files import printed_columns, written_line

MOST_SHOWN = 100
BATCH = 5_000
BUFFER = 65_536


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its table, its order, and what its page makes of it.

    `listed`: which rows the page shows, in `page_order`; `waiting`: which of them ask for an act.
    """

    name: str
    order: str
    page_order: str
    listed: str = "true"
    waiting: str = "true"

    @property
    def table(self) -> str:
        """Its table in the warehouse."""
        return f"leaders.{self.name}"


PACK_FILES = (
    PackFile("inactivity", "member_id", "deadline, member_id"),
    PackFile("referrals", "ordered_at, order_id", "contact_opt_out, contact_by, order_id",
             waiting="not contact_opt_out"),
    PackFile("leads", "requested_at, lead_id", "contact_opt_out, contact_by, lead_id",
             waiting="not contact_opt_out"),
    PackFile("follow_ups", "due_to, order_id, task", "due_to, order_id, task",
             listed="not is_past"),
    PackFile("customers", "customer_email", "attention desc, net_bv desc, customer_email",
             listed="attention is not null"),
    PackFile("onboarding", "account_id", "overdue desc, account_id", listed="help is not null"),
)  # fmt: skip


@dataclass
class Section:
    """A leader's rows of one file: how many, how many its page lists, how many of those ask for an
    act, and the first of them."""

    name: str
    total: int = 0
    listed: int = 0
    waiting: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)


class LeaderRows:
    """One pass over a file's rows of some leaders, to be asked for them in their order."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        model: Model,
        file: PackFile,
        first: str,
        last: str,
    ) -> None:
        """Start the pass. In: the file and its table's model, the first and the last leader."""
        self.name = file.name
        columns = printed_columns(con, model)
        self._header = (",".join(columns) + "\n").encode()
        self._cursor = con.cursor()
        self._cursor.execute(_query(columns, model, file), [first, last])
        self._groups = groupby(self._fetched(), key=itemgetter(0))
        self._leader: str | None
        self._rows: Iterator[Any]
        self._turn()

    def _turn(self) -> None:
        """Go on to the next leader who has rows."""
        self._leader, self._rows = next(self._groups, (None, iter(())))

    def _fetched(self) -> Iterator[Any]:
        while batch := self._cursor.fetchmany(BATCH):
            yield from batch

    def write(self, leader_id: str, folder: Path) -> Section:
        """Write the leader's CSV, if there are rows for it; out: what its page shows of them."""
        section = Section(self.name)
        if leader_id != self._leader:
            return section
        places = []
        path = folder / f"{self.name}.csv"
        with path.open("wb", buffering=BUFFER) as target:
            target.write(self._header)
            for _, line, is_listed, is_waiting, place, row in self._rows:
                target.write(f"{line}\n".encode())
                section.total += 1
                section.listed += is_listed
                section.waiting += is_listed and is_waiting
                if row is not None:
                    places.append((place, row))
        section.rows = [row for _, row in sorted(places, key=itemgetter(0))]
        self._turn()
        return section

    def close(self) -> None:
        """Let go of the engine."""
        self._cursor.close()


def _query(columns: dict[str, str], model: Model, file: PackFile) -> str:
    names = ", ".join(f'"{name}" := "{name}"' for name in (*columns, *model.unprinted))
    return f"""
        select
            leader_id,
            line,
            is_listed,
            is_waiting,
            place,
            case when is_listed and place <= {MOST_SHOWN} then shown end as shown
        from (
            select
                leader_id,
                {written_line(columns)} as line,
                {file.listed} as is_listed,
                {file.waiting} as is_waiting,
                row_number() over (
                    partition by leader_id, {file.listed} order by {file.page_order}
                ) as place,
                struct_pack({names}) as shown,
                row_number() over (partition by leader_id order by {file.order}) as line_no
            from {file.table}
            where leader_id between $1 and $2
        )
        order by leader_id, line_no
    """
