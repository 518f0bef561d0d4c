"""What a reversal takes of its order (contract 1): `exceeds_order`, and its bv where it has none.

Belongs here: how reversals of one order follow each other. Earlier drops' count first, then this
one's by (reversed_at, reversal_id); one over the limit takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb
import pyarrow as pa


@dataclass(frozen=True)
class Room:
    """An order's amount and bv, and what of them is left to take back."""

    amount: Decimal
    bv: Decimal
    amount_left: Decimal
    bv_left: Decimal


@dataclass(frozen=True)
class Reversal:
    """A reversal in its file; bv None: as much as goes with its amount."""

    line: int
    order_id: str
    amount: Decimal
    bv: Decimal | None


@dataclass
class Taken:
    """What was found: (line, column) over a limit, and the bv by line where it had none."""

    over: list[tuple[int, str]]
    worked_out: dict[int, Decimal]


def settle_reversals(con: duckdb.DuckDBPyConnection) -> None:
    """List `exceeds_order`, and give each of `incoming` that came without bv the bv that it takes.

    Only the reversals of orders that go over at all, or that have one without bv, are walked one by
    one. Their orders are in `named_orders`.
    """
    con.execute("""
        create or replace temp table reversal_room as
        select placed.order_id,
               any_value(placed.amount) as amount,
               any_value(placed.bv) as bv,
               any_value(placed.amount) - coalesce(sum(earlier.amount), 0) as amount_left,
               any_value(placed.bv) - coalesce(sum(earlier.bv), 0) as bv_left
        from named_orders as placed
        left join drops.reversals as earlier on earlier.order_id = placed.order_id
        where placed.order_id in (select order_id from incoming)
        group by placed.order_id
    """)
    rows = con.execute("""
        select row.line, row.order_id, row.amount, row.bv,
               room.amount, room.bv, room.amount_left, room.bv_left
        from incoming as row join reversal_room as room on room.order_id = row.order_id
        where row.order_id in (
            select inner_row.order_id
            from incoming as inner_row
            join reversal_room as inner_room on inner_room.order_id = inner_row.order_id
            group by inner_row.order_id
            having sum(inner_row.amount) > any_value(inner_room.amount_left)
                or sum(inner_row.bv) > any_value(inner_room.bv_left)
                or count(inner_row.bv) < count(*)
        )
        order by row.reversed_at, row.reversal_id
    """).fetchall()
    taken = take_in_turn((Reversal(*row[:4]), Room(*row[4:])) for row in rows)
    if taken.over:
        con.executemany("insert into listed values ($1, 'exceeds_order', $2)", taken.over)
    if taken.worked_out:
        _write_worked_out(con, taken.worked_out)


def _write_worked_out(con: duckdb.DuckDBPyConnection, worked_out: dict[int, Decimal]) -> None:
    lines = pa.array(worked_out.keys(), pa.int32())
    bvs = pa.array(worked_out.values(), pa.decimal128(18, 2))
    con.register("worked_out", pa.table([lines, bvs], names=["line", "bv"]))
    try:
        con.execute("""
            update incoming set bv = worked_out.bv
            from worked_out where worked_out.line = incoming.line
        """)
    finally:
        con.unregister("worked_out")


def take_in_turn(reversals: Iterable[tuple[Reversal, Room]]) -> Taken:
    """What reversals take of their orders, one after the other.

    In: each reversal with its order's room, in the order they count; the room is the same for all
    of an order. Out: what goes over a limit, and what those without bv take.
    """
    rooms: dict[str, Room] = {}
    taken = Taken([], {})
    for reversal, whole in reversals:
        room = rooms.get(reversal.order_id, whole)
        bv = proportional_bv(reversal.amount, room) if reversal.bv is None else reversal.bv
        over = [(reversal.line, "amount")] * (reversal.amount > room.amount_left)
        over += [(reversal.line, "bv")] * (bv > room.bv_left)
        taken.over += over
        if not over:
            room = replace(
                room, amount_left=room.amount_left - reversal.amount, bv_left=room.bv_left - bv
            )
            if reversal.bv is None:
                taken.worked_out[reversal.line] = bv
        rooms[reversal.order_id] = room
    return taken


def proportional_bv(amount: Decimal, room: Room) -> Decimal:
    """The bv that goes with an amount of an order, to the cent (contract 1).

    The order's bv x amount / the order's amount, half up, at most what is left; the last of the
    order's amount takes all that is left of its bv.
    """
    if amount == 0 or room.amount == 0:
        return Decimal("0.00")
    if amount == room.amount_left:
        return room.bv_left
    cents, part, whole = (int(value * 100) for value in (room.bv, amount, room.amount))
    return min(Decimal((2 * cents * part + whole) // (2 * whole)) / 100, room.bv_left)
