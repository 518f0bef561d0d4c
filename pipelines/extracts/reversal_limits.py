"""What a reversal takes of its order (contract 1): `exceeds_order`, and its bv where it has none.

Belongs here: how reversals of one order follow each other. Earlier drops' count first, then this
one's by (reversed_at, reversal_id); one over the limit takes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, islice

import pyarrow as pa

from pipelines.engines.loading import Loading


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


@dataclass(frozen=True)
class Taken:
    """What became of a reversal: where it goes over a limit, and its bv where it had none."""

    line: int
    over: tuple[str, ...]
    worked_out: Decimal | None


# Reversals that are walked, and noted, at once.
BATCH = 50_000
OVER_LIMIT = pa.schema([("line", pa.int64()), ("column", pa.string())])
WORKED_OUT = pa.schema([("line", pa.int64()), ("bv", pa.decimal128(18, 2))])
# The findings of this stage, and how a bv stands that was worked out.
EXCEEDING = "select line, 'exceeds_order' as code, \"column\" from over_limit"
STANDING_BV = {"bv": "coalesce(incoming.bv, worked_out.bv)"}
STANDING_JOIN = "left join worked_out on worked_out.line = incoming.line"


def settle_reversals(loading: Loading) -> None:
    """Keep `over_limit` (line, column), and `worked_out` (line, bv) of those that came without bv.

    Only the reversals of orders that go over at all, or that have one without bv, are walked one by
    one, by the driver. Their orders are in `named_orders`.
    """
    loading.keep("reversal_room", ROOM)
    loading.keep("reversals_to_walk", TO_WALK)
    found = loading.reader.sql(
        "from reversals_to_walk order by order_id, reversed_at, reversal_id"
    ).to_arrow_reader(BATCH)
    taken = take_in_turn(
        (Reversal(*row[:4]), Room(*row[4:8]))
        for batch in found
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    over, worked_out = [OVER_LIMIT.empty_table()], [WORKED_OUT.empty_table()]
    while some := list(islice(taken, BATCH)):
        over.append(_over_limit(some))
        worked_out.append(_worked_out(some))
    _keep(loading, "over_limit", pa.concat_tables(over))
    _keep(loading, "worked_out", pa.concat_tables(worked_out))


ROOM = """
    select placed.order_id,
           any_value(placed.amount) as amount,
           any_value(placed.bv) as bv,
           cast(any_value(placed.amount) - coalesce(sum(earlier.amount), 0) as decimal(38, 2))
               as amount_left,
           cast(any_value(placed.bv) - coalesce(sum(earlier.bv), 0) as decimal(38, 2)) as bv_left
    from named_orders as placed
    left join drops.reversals as earlier on earlier.order_id = placed.order_id
    where placed.order_id in (select order_id from incoming)
    group by placed.order_id
"""
TO_WALK = """
    select row.line, row.order_id, row.amount, row.bv,
           room.amount as order_amount, room.bv as order_bv, room.amount_left, room.bv_left,
           row.reversed_at, row.reversal_id
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
"""


def _over_limit(taken: list[Taken]) -> pa.Table:
    rows = [(each.line, column) for each in taken for column in each.over]
    return pa.table([[row[at] for row in rows] for at in (0, 1)], schema=OVER_LIMIT)


def _worked_out(taken: list[Taken]) -> pa.Table:
    rows = [(each.line, each.worked_out) for each in taken if each.worked_out is not None]
    return pa.table([[row[at] for row in rows] for at in (0, 1)], schema=WORKED_OUT)


def _keep(loading: Loading, name: str, rows: pa.Table) -> None:
    loading.reader.register("found", rows)
    try:
        loading.fill(name, iter(["select * from found"]))
    finally:
        loading.reader.unregister("found")


def take_in_turn(reversals: Iterable[tuple[Reversal, Room]]) -> Iterator[Taken]:
    """What reversals take of their orders, one after the other.

    In: each reversal with its order's room, in the order they count, those of an order together;
    the room is the same for all of an order.
    """
    for _, of_order in groupby(reversals, key=lambda each: each[0].order_id):
        room: Room | None = None
        for reversal, whole in of_order:
            room = room or whole
            bv = proportional_bv(reversal.amount, room) if reversal.bv is None else reversal.bv
            over = ("amount",) * (reversal.amount > room.amount_left)
            over += ("bv",) * (bv > room.bv_left)
            if not over:
                room = replace(
                    room, amount_left=room.amount_left - reversal.amount, bv_left=room.bv_left - bv
                )
            is_new = reversal.bv is None and not over
            yield Taken(reversal.line, over, bv if is_new else None)


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
