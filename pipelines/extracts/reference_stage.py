"""The reference stage (contract 1): what a row names must be known, and must come before it.

Belongs here: `reference`, `before_order`, `already_linked`. What a reversal may still take of its
order is in `excess`.
"""

from __future__ import annotations

import duckdb

from pipelines.extracts.shapes import SHAPES, Shape, business_date_column

# What may not be dated before its order, and the column that dates it.
LATER_DOCUMENTS = {
    "reversals": "reversed_at", "reassignments": "requested_at", "party_links": "linked_on",
}  # fmt: skip


def list_references(con: duckdb.DuckDBPyConnection, shape: Shape, opening: str) -> None:
    """`reference`, `before_order` and `already_linked`, in so far as they apply.

    The orders that the rows name are looked up once, and stay in `named_orders`.
    """
    if any(cell.names == "orders" for cell in shape.cells.values()):
        con.execute("""
            create or replace temp table named_orders as
            select order_id, ordered_on, party_id, amount, bv
            from drops.orders semi join incoming using (order_id)
        """)
    for name, cell in shape.cells.items():
        if cell.names is not None:
            _list_unknown(con, shape, name, cell.names, opening)
    if shape.table == "payments":
        _list_other_accounts(con)
    if shape.table in LATER_DOCUMENTS:
        _list_before_order(con, LATER_DOCUMENTS[shape.table])
    if shape.table == "party_links":
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


def _list_before_order(con: duckdb.DuckDBPyConnection, dated: str) -> None:
    """By business date: many systems know only the day, and stamp it with midnight."""
    day = business_date_column(dated) if dated.endswith("_at") else dated
    con.execute(f"""
        insert into listed select document.line, 'before_order', '{dated}'
        from incoming as document
        join named_orders as placed on placed.order_id = document.order_id
        where document.{day} < placed.ordered_on
    """)
