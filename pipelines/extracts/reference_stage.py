"""The reference stage (contract 1): what a row names must be known, and must come before it.

Belongs here: `reference`, `before_order`, `already_linked`. What a reversal may still take of its
order is in `excess`.
"""

from __future__ import annotations

from pipelines.engines.loading import Loading
from pipelines.extracts.shapes import SHAPES, Shape, business_date_column

# What may not be dated before its order, and the column that dates it.
LATER_DOCUMENTS = {
    "reversals": "reversed_at", "reassignments": "requested_at", "party_links": "linked_on",
}  # fmt: skip

# A semi join passes over the orders of the past that are of no concern; an anti join would not.
ORDERS_MET = "(select order_id from drops.orders semi join incoming using (order_id))"


def find_references(loading: Loading, shape: Shape, opening: str) -> str | None:
    """Keep `unknown`: `reference`, `before_order` and `already_linked`, in so far as they apply.

    Out: the finding; None where none applies. The orders that documents name are looked up once,
    and stay in `named_orders`.
    """
    if shape.table in LATER_DOCUMENTS:
        loading.keep(
            "named_orders",
            """
            select order_id, ordered_on, party_id, amount, bv
            from drops.orders semi join incoming using (order_id)
            """,
        )
    found = [
        _unknown(shape, name, cell.names, opening)
        for name, cell in shape.cells.items()
        if cell.names is not None
    ]
    if shape.table == "payments":
        found.append(OTHER_ACCOUNTS)
    if shape.table in LATER_DOCUMENTS:
        found.append(_before_order(LATER_DOCUMENTS[shape.table]))
    if shape.table == "party_links":
        found.append(LINKED_ALREADY)
    return _keep_unknown(loading, " union all ".join(found)) if found else None


def _keep_unknown(loading: Loading, found: str) -> str:
    loading.keep("unknown", found)
    return 'select line, code, "column" from unknown'


def _unknown(shape: Shape, name: str, target: str, opening: str) -> str:
    known = "drops.known_members" if target == "members" else f"drops.{target}"
    if target == "orders":
        known = "named_orders" if shape.table in LATER_DOCUMENTS else ORDERS_MET
    key = SHAPES[target].key[0]
    # Orders of before the opening month may name who has long left (contract 1, `reference`).
    is_new = f"and strftime(ordered_on, '%Y-%m') >= '{opening}'" if shape.table == "orders" else ""
    # An anti join, not "not in": the engine then hashes the drop and not all history.
    return f"""
        select line, 'reference' as code, '{name}' as "column"
        from incoming anti join {known} as known on known.{key} = incoming.{name}
        where {name} is not null {is_new}
    """


OTHER_ACCOUNTS = """
    select payment.line, 'reference' as code, 'plan_id' as "column"
    from incoming as payment join extracts.plans as plan on plan.plan_id = payment.plan_id
    where payment.kind = 'purchase' and plan.account_id <> payment.account_id
    and payment.account_id in (select account_id from drops.accounts)
"""
LINKED_ALREADY = """
    select link.line, 'already_linked' as code, 'order_id' as "column"
    from incoming as link join named_orders as placed on placed.order_id = link.order_id
    where placed.party_id is not null
"""


def _before_order(dated: str) -> str:
    """By business date: many systems know only the day, and stamp it with midnight."""
    day = business_date_column(dated) if dated.endswith("_at") else dated
    return f"""
        select document.line, 'before_order' as code, '{dated}' as "column"
        from incoming as document
        join named_orders as placed on placed.order_id = document.order_id
        where document.{day} < placed.ordered_on
    """


# A sponsor or enroller that is not in this snapshot is listed; the member stands without. A member
# that names itself as its sponsor has none.
UNKNOWN_LINES = """
    select tie.line, 'reference' as code, tie.name as "column"
    from (
        select line, 'sponsor_id' as name, sponsor_id as tied_id
        from incoming where sponsor_id <> member_id
        union all
        select line, 'enroller_id', enroller_id from incoming
    ) as tie
    anti join incoming as known on known.member_id = tie.tied_id
    where tie.tied_id is not null
"""


def find_unknown_lines(loading: Loading) -> str:
    """Keep `unknown`: lines of members that nobody has; out: the finding."""
    return _keep_unknown(loading, UNKNOWN_LINES)


def known_lines() -> tuple[dict[str, str], str]:
    """SQL for the ids of a member's lines as far as they are known, and for the join it needs.

    Their stage has ended. A line is listed once for a column.
    """
    ids = {name: f"no_{name}.line is not null" for name in ("sponsor_id", "enroller_id")}
    join = " ".join(
        f"left join (select line from unknown where \"column\" = '{name}') as no_{name} "
        f"on no_{name}.line = incoming.line"
        for name in ids
    )
    ids["sponsor_id"] += " or incoming.sponsor_id = incoming.member_id"
    return {
        name: f"case when {rule} then null else incoming.{name} end" for name, rule in ids.items()
    }, join
