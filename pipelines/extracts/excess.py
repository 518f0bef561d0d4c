"""`exceeds_order`: reversals that would take more than their order has left (contract 1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb


def list_excess(con: duckdb.DuckDBPyConnection) -> None:
    """`exceeds_order`: reversals that would take back more than their order had.

    Earlier drops' count first, then this one's by (reversed_at, reversal_id); one over the limit
    takes nothing, so only the orders that go over at all are walked one by one. Their orders are
    in `named_orders`.
    """
    con.execute("""
        create or replace temp table reversal_room as
        select placed.order_id,
               any_value(placed.amount) - coalesce(sum(earlier.amount), 0) as amount_left,
               any_value(placed.bv) - coalesce(sum(earlier.bv), 0) as bv_left
        from named_orders as placed
        left join drops.reversals as earlier on earlier.order_id = placed.order_id
        where placed.order_id in (select order_id from incoming)
        group by placed.order_id
    """)
    rows = con.execute("""
        select row.line, row.order_id, row.amount, row.bv, room.amount_left, room.bv_left
        from incoming as row join reversal_room as room on room.order_id = row.order_id
        where row.order_id in (
            select inner_row.order_id
            from incoming as inner_row
            join reversal_room as inner_room on inner_room.order_id = inner_row.order_id
            group by inner_row.order_id
            having sum(inner_row.amount) > any_value(inner_room.amount_left)
                or sum(inner_row.bv) > any_value(inner_room.bv_left)
        )
        order by row.reversed_at, row.reversal_id
    """).fetchall()
    found = find_excess(rows)
    if found:
        con.executemany("insert into listed values ($1, 'exceeds_order', $2)", found)


def find_excess(
    reversals: Sequence[tuple[int, str, Decimal, Decimal, Decimal, Decimal]],
) -> list[tuple[int, str]]:
    """Which reversals do not fit into what is left of their order.

    In: (line, order_id, amount, bv, amount left, bv left) in the order they count; what is left is
    the same for all of an order. Out: (line, column) for each limit that one goes over.
    """
    left: dict[str, tuple[Decimal, Decimal]] = {}
    found: list[tuple[int, str]] = []
    for line, order_id, amount, bv, amount_left, bv_left in reversals:
        amount_left, bv_left = left.get(order_id, (amount_left, bv_left))
        over = [(line, "amount")] * (amount > amount_left) + [(line, "bv")] * (bv > bv_left)
        found += over
        if not over:
            amount_left, bv_left = amount_left - amount, bv_left - bv
        left[order_id] = (amount_left, bv_left)
    return found
