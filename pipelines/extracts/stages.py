"""The file, history and reference stages of the quarantine (contract 1), set by set.

Each function looks at the temporary table `incoming` (a drop's rows that passed so far, with their
line) and adds to `listed` what it finds (line, code, column). Rows that are listed leave `incoming`
before the next stage: `drop_listed` does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from pipelines.extracts.shapes import SHAPES, Shape


def drop_listed(con: duckdb.DuckDBPyConnection) -> None:
    """Take the rows that are listed out of `incoming`."""
    if con.execute("select count(*) from listed").fetchall() == [(0,)]:
        return
    con.execute("delete from incoming where line in (select line from listed)")


def _same(shape: Shape, left: str, right: str) -> str:
    return " and ".join(
        f'{left}."{name}" is not distinct from {right}."{name}"' for name in shape.cells
    )


def _on_key(shape: Shape, left: str, right: str) -> str:
    return " and ".join(f"{left}.{name} = {right}.{name}" for name in shape.key)


def list_repeats(con: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """`duplicate` and `conflict`: a key that stands more than once in the file."""
    key = ", ".join(shape.key)
    con.execute(
        f"create or replace temp table repeated_keys as "
        f"select {key}, min(line) as first_line from incoming group by {key} having count(*) > 1"
    )
    if con.execute("select count(*) from repeated_keys").fetchall() == [(0,)]:
        return
    con.execute(f"""
        create or replace temp table repeats as
        select row.line, first.line as first_line, {key_of(shape, "row")},
               {_same(shape, "row", "first")} as is_same
        from incoming as row
        join repeated_keys as repeated on {_on_key(shape, "row", "repeated")}
        join incoming as first on first.line = repeated.first_line
    """)
    con.execute(f"""
        insert into listed
        select line, case when is_one then 'duplicate' else 'conflict' end, null
        from (select line, first_line,
                     bool_and(is_same) over (partition by {key}) as is_one from repeats)
        where not is_one or line > first_line
    """)


def key_of(shape: Shape, alias: str) -> str:
    """The key columns of a table, read from an alias."""
    return ", ".join(f"{alias}.{name}" for name in shape.key)


def settle_history(con: duckdb.DuckDBPyConnection, shape: Shape) -> int:
    """`changed`: an event that an earlier drop loaded with other content.

    Rows that say the same again leave `incoming` unlisted; out: how many they were.
    """
    con.execute(f"""
        create or replace temp table met_again as
        select row.line, {_same(shape, "row", "stored")} as is_same
        from incoming as row
        join drops.{shape.table} as stored on {_on_key(shape, "row", "stored")}
    """)
    con.execute("insert into listed select line, 'changed', null from met_again where not is_same")
    con.execute("delete from incoming where line in (select line from met_again where is_same)")
    [(same,)] = con.execute("select count(*) from met_again where is_same").fetchall()
    return int(same)


def list_references(con: duckdb.DuckDBPyConnection, shape: Shape, opening: str) -> None:
    """`reference`, `before_order`, `already_linked`, `exceeds_order`, in so far as they apply.

    The orders that the rows name are looked up once, and stay in `named_orders`.
    """
    if any(cell.names == "orders" for cell in shape.cells.values()):
        con.execute("""
            create or replace temp table named_orders as
            select order_id, ordered_at, ordered_on, party_id, amount, bv
            from drops.orders semi join incoming using (order_id)
        """)
    for name, cell in shape.cells.items():
        if cell.names is not None:
            _list_unknown(con, shape, name, cell.names, opening)
    if shape.table == "payments":
        _list_other_accounts(con)
    dates = {"reversals": "reversed_at", "reassignments": "requested_at"}
    if shape.table in dates:
        _list_before_order(con, dates[shape.table], "ordered_at")
    if shape.table == "party_links":
        _list_before_order(con, "linked_on", "ordered_on")
        con.execute("""
            insert into listed select link.line, 'already_linked', 'order_id'
            from incoming as link join named_orders as placed on placed.order_id = link.order_id
            where placed.party_id is not null
        """)


def _list_unknown(
    con: duckdb.DuckDBPyConnection, shape: Shape, name: str, target: str, opening: str
) -> None:
    others = {"members": "drops.known_members", "orders": "named_orders"}
    known = others.get(target, f"drops.{target}")
    key = SHAPES[target].key[0]
    # Orders of before the opening month may name who has long left (contract 1, `reference`).
    is_new = f"and strftime(ordered_on, '%Y-%m') >= '{opening}'" if shape.table == "orders" else ""
    # An anti join, not "not in": the engine then hashes the drop and not all history.
    con.execute(f"""
        insert into listed select line, 'reference', '{name}'
        from incoming anti join {known} as known on known.{key} = incoming.{name}
        where {name} is not null {is_new}
    """)


def _list_other_accounts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        insert into listed select payment.line, 'reference', 'plan_id'
        from incoming as payment join extracts.plans as plan on plan.plan_id = payment.plan_id
        where payment.kind = 'purchase' and plan.account_id <> payment.account_id
        and payment.account_id in (select account_id from drops.accounts)
    """)


def _list_before_order(con: duckdb.DuckDBPyConnection, dated: str, ordered: str) -> None:
    con.execute(f"""
        insert into listed select document.line, 'before_order', '{dated}'
        from incoming as document
        join named_orders as placed on placed.order_id = document.order_id
        where document.{dated} < placed.{ordered}
    """)


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
