"""Drops in which every code of the quarantine is listed, one way or another."""

from __future__ import annotations

from small_book import Files, Row, full_drop, row

CODES = {
    "missing", "type", "value", "duplicate", "conflict", "changed", "reference", "before_order",
    "already_linked", "exceeds_order",
}  # fmt: skip


def orders(*numbers: int, **cells: str | None) -> list[Row]:
    return [row("orders", order_id=f"O{number}", **cells) for number in numbers]


def reversals(*told: tuple[str, str, str, str | None]) -> list[Row]:
    return [
        row("reversals", reversal_id=id, order_id=order, amount=amount, bv=bv)
        for id, order, amount, bv in told
    ]


def of_every_code() -> list[Files]:
    """Two drops, the later of which brings some of the earlier's events again."""
    spoiled = orders(20, amount="x") + orders(21, currency=None) + orders(22, bv="-1")
    repeated = orders(3) + orders(4, amount="9.99") + orders(5, seller_id="NOBODY")
    placed = orders(*range(1, 13)) + orders(13, party_id="P1")
    members = [
        row("members"),
        row("members", member_id="M2", sponsor_id="M1", email="no address"),
        row("members", member_id="M3", sponsor_id="NOBODY", enroller_id="M9"),
        row("members", member_id="M4", sponsor_id="M4", language="x"),
        row("members", member_id="M4", sponsor_id="M4", language="x"),
    ]
    first = full_drop(
        members=members,
        orders=placed + spoiled + repeated,
        reversals=reversals(
            ("V1", "O1", "10.00", "8.00"), ("V2", "O2", "60.00", None), ("V3", "O2", "40.00", None),
            ("V4", "O2", "0.01", None), ("V5", "O6", "100.01", "8.00"), ("V6", "O7", "99.00", "81"),
            ("V7", "O8", "33.33", None), ("V8", "O8", "33.33", "26.66"), ("V9", "O99", "1", "1"),
        ),
        party_links=[row("party_links"), row("party_links", order_id="O13"),
                     row("party_links", order_id="O9", linked_on="2020-01-01")],
        payments=[row("payments"), row("payments", payment_id="Y2", plan_id="L9"),
                  row("payments", payment_id="Y3", account_id="A2")],
    )  # fmt: skip
    second = full_drop(
        members=[*members[:1], row("members", member_id="M7", sponsor_id="M1")],
        orders=placed[:6] + orders(7, amount="99.00") + orders(30, seller_id="M2"),
        reversals=reversals(
            ("V1", "O1", "10.00", "8.00"), ("V3", "O2", "40.00", "1.00"),
            ("V10", "O8", "33.34", None), ("V11", "O1", "90.01", None),
        ),
        accounts=[row("accounts"), row("accounts", account_id="A2", partner_id="M9")],
    )  # fmt: skip
    return [first, second]
