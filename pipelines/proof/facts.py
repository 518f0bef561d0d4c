"""The rows of the drops that name an order, member or seat, as facts.

Belongs here: which tables name what, which version of a record stands, when a thing happened. The
text of the file is added by `raw_text`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pipelines.extracts.earlier_members import find_members
from pipelines.extracts.shapes import EVENT_DATES, SHAPES, Shape
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.story import Fact, as_text
from pipelines.stop import Stop

RANS = "ran_id in (select ran_id from drops.returns where order_id = $id and drop_month <= $last)"
BY_ORDER = "order_id = $id"
# Which rows of which tables are an order's and a member's facts (contract 4, "explain").
ORDER = {
    "orders": BY_ORDER, "order_lines": BY_ORDER, "reversals": BY_ORDER, "reassignments": BY_ORDER,
    "party_links": BY_ORDER, "returns": BY_ORDER, "return_lines": RANS,
}  # fmt: skip
MEMBER = {
    "paid_ranks": "member_id = $id", "holds": "member_id = $id",
    "delegates": "$id in (member_id, delegate_id)", "reassignments": "member_id = $id",
    "parties": "consultant_id = $id", "subscriptions": "consultant_id = $id",
    "accounts": "partner_id = $id",
}  # fmt: skip
# A member's orders of a month: those that it was credited with.
OWN_ORDERS = """order_id in (
    select order_id from finance.bv_ledger
    where close_month = $last and entry = 'credit' and member_id = $id
)"""
SEAT = {"holds": "list_contains($centres, member_id)"}
# When a row that is no event happened.
DAYS = {
    "returns": "requested_on", "paid_ranks": "week_start", "holds": "starts_on",
    "delegates": "starts_on", "parties": "held_on", "subscriptions": "started_on",
    "accounts": "registered_on", "plans": "first_due_on",
}  # fmt: skip


def order_facts(looked: Looked, id: str) -> list[Fact]:
    """What the drops say about an order; lines and RANs take the order's and the RAN's day."""
    facts = _facts(looked, ORDER, id=id)
    ordered = next((fact.day for fact in facts if fact.table == "orders"), None)
    asked = {fact.row["ran_id"]: fact.day for fact in facts if fact.table == "returns"}
    days = {"order_lines": lambda fact: ordered, "return_lines": lambda fact: asked.get(
        fact.row["ran_id"])}  # fmt: skip
    return [
        replace(fact, day=days[fact.table](fact)) if fact.table in days else fact for fact in facts
    ]


def member_facts(looked: Looked, id: str) -> list[Fact]:
    """What the drops say about a member: of one month alone also the orders credited to it."""
    is_one_month = len(looked.months) == 1
    tables = MEMBER | ({"orders": OWN_ORDERS} if is_one_month else {})
    return snapshot_facts(looked, id, ("member_id",)) + _facts(looked, tables, id=id)


def seat_facts(looked: Looked, id: str, centres: list[str]) -> list[Fact]:
    """The rows and holds of a seat's centres."""
    return snapshot_facts(looked, id, ("business_id", "member_id"), centres) + _facts(
        looked, SEAT, id=id, centres=centres
    )


def snapshot_facts(
    looked: Looked, id: str, columns: tuple[str, ...], among: list[str] | None = None
) -> list[Fact]:
    """The rows of the latest snapshot looked at in which a column holds the id.

    The newest one is in the warehouse, an earlier one in its drop, if that is the sealed one.
    """
    shape = SHAPES["members"]
    rows = looked.rows(
        f"select * from drops.members where drop_month = $last "
        f"and $id in ({', '.join(columns)}) order by line",
        id=id,
    ) if looked.last == looked.newest else _earlier_rows(looked, id, columns)  # fmt: skip
    wanted = [row for row in rows if among is None or row["member_id"] in among]
    return [_fact(shape, row | {"drop_month": looked.last.text}, True) for row in wanted]


def _earlier_rows(looked: Looked, id: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The same of an earlier snapshot, without what the later stages took away."""
    month = looked.last
    book = looked.book(month)
    try:
        drop = book.drop(month)
    except Stop:  # the drop is not what was closed
        return []
    files = drop.files.get("members") or [path for paths in drop.sources.values() for path in paths]
    if not all(is_sealed(looked, month, path.name) for path in files):
        return []
    listed = looked.rows(
        'select file, line, code, "column" as name from quality.quarantine '
        "where drop_month = $last and \"table\" = 'members' and code in ('duplicate', 'reference')"
    )
    twice = {(each["file"], each["line"]) for each in listed if each["code"] == "duplicate"}
    emptied = {
        (each["file"], each["line"], each["name"]) for each in listed if each["code"] == "reference"
    }
    return [
        {
            name: None if (row["file"], row["line"], name) in emptied else value
            for name, value in row.items()
        }
        for row in find_members(book, drop, id, columns)
        if (row["file"], row["line"]) not in twice
    ]


def is_sealed(looked: Looked, month: Month, name: str) -> bool:
    """Whether a file of a drop is there and is the one that the month was closed with."""
    path = looked.book_folder / month.text / name
    sealed = looked.seal(month).inputs["drop"].get(name)
    try:
        return path.is_file() and sealed == looked.digest(path)
    except (OSError, Stop):
        return False


def _facts(looked: Looked, tables: dict[str, str], **given: Any) -> list[Fact]:
    """The rows of each table that the condition picks, loaded by a drop up to the last month."""
    facts: list[Fact] = []
    for table, condition in tables.items():
        shape = SHAPES[table]
        rows = looked.rows(
            f"select *, {_stands(shape)} as standing from drops.{table} as fact "
            f"where drop_month <= $last and {condition}",
            **given,
        )
        facts += [_fact(shape, row, row["standing"]) for row in rows]
    return facts


def _stands(shape: Shape) -> str:
    """SQL: whether no later drop, up to the last month, has brought another row of this key."""
    if shape.kind != "record":
        return "true"
    same = " and ".join(f"later.{name} = fact.{name}" for name in shape.key)
    return (
        f"not exists (select 1 from drops.{shape.table} as later where {same} "
        f"and later.drop_month > fact.drop_month and later.drop_month <= $last)"
    )


def _fact(shape: Shape, row: dict[str, Any], is_standing: bool) -> Fact:
    day = row.get(EVENT_DATES.get(shape.table) or DAYS.get(shape.table, ""))
    return Fact(
        table=shape.table,
        drop=row["drop_month"],
        file=row["file"],
        line=row["line"],
        standing=is_standing,
        row={name: as_text(row[name]) for name in shape.cells},
        day=day if isinstance(day, date) else None,
        posts_in=row.get("posting_month"),
    )
