"""`upline explain`: the story of one order, member or seat, from what is closed (contract 4).

Belongs here: how a story is put together, and what it means that an id is not known. Nothing is
worked out anew: facts come from the drops, decisions and entries from the closed months.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.closing.home import Home
from pipelines.months import Month
from pipelines.proof.closed_home import Looked, look_at
from pipelines.proof.facts import member_facts, order_facts, seat_facts
from pipelines.proof.quarantined import TOLD, opted_out_orders, rows_that_name, tell_quarantined
from pipelines.proof.raw_text import add_raw_text, withhold
from pipelines.proof.reasons.tell import add_reasons
from pipelines.proof.related import find_related
from pipelines.proof.report_rows import find_decisions, find_entries
from pipelines.proof.seats import find_centres, find_places
from pipelines.proof.story import Fact, Quarantined, Story
from pipelines.stop import Stop

KINDS = ("order", "member", "seat")


class UnknownId(Stop):
    """An id that no drop has brought; the message names the quarantined rows with it.

    `listed` are these rows where the message has no room for all of them.
    """

    def __init__(self, message: str, quarantined: list[Quarantined]) -> None:
        told = message + tell_quarantined(quarantined)
        super().__init__(told)
        has_room = len(quarantined) <= TOLD and str(self) == told
        self.listed = [] if has_room else quarantined


def explain(home: Home, book_folder: Path, kind: str, id: str, month: Month | None) -> Story:
    """The story of an order, member or seat over all closed months, or of one month alone.

    Of one month: the facts known by its close, its decisions and its entries. Stop when the id is
    not known, with the quarantined rows that name it; when the month is not closed; when the home
    or the book is not whole.
    """
    with look_at(home, book_folder, month) as looked:
        return tell_story(looked, kind, id)


def tell_story(looked: Looked, kind: str, id: str) -> Story:
    """The story of an id from what is looked at; Stop when it is not known."""
    centres = find_centres(looked, id) if kind == "seat" else []
    facts = _find_facts(looked, kind, id, centres)
    decisions = find_decisions(looked, kind, id)
    quarantined = rows_that_name(looked, id)
    if not _is_known(looked, kind, id, facts, len(decisions)):
        raise UnknownId(_tell_unknown(looked, kind, id), quarantined)
    facts = add_raw_text(looked, _without_opted_out(looked, facts))
    return Story(
        kind=kind,
        id=id,
        months=tuple(each.text for each in looked.months),
        facts=tuple(sorted(facts, key=lambda fact: (fact.drop, fact.table, fact.file, fact.line))),
        quarantined=tuple(quarantined),
        decisions=tuple(add_reasons(looked, decisions, kind == "order")),
        entries=tuple(find_entries(looked, kind, id)),
        related=tuple(find_related(kind, id, facts, decisions)),
        queue=tuple(find_places(looked, id)) if kind == "seat" else None,
    )


def _find_facts(looked: Looked, kind: str, id: str, centres: list[str]) -> list[Fact]:
    if kind == "order":
        return order_facts(looked, id)
    return member_facts(looked, id) if kind == "member" else seat_facts(looked, id, centres)


def _is_known(looked: Looked, kind: str, id: str, facts: Iterable[Fact], decisions: int) -> bool:
    """Whether the drops have brought the order or member, or have a member who makes the seat."""
    if kind == "order":
        return any(fact.table == "orders" for fact in facts)
    if kind == "member":
        query = "select 1 from drops.known_members where member_id = $id and drop_month <= $last"
        return bool(looked.rows(query, id=id))
    return decisions > 0 or any(fact.table == "members" for fact in facts)


def _tell_unknown(looked: Looked, kind: str, id: str) -> str:
    told = f"{kind} {id!r} is not known in {looked.months[0]} to {looked.last}: "
    if kind == "seat" and id:
        own = looked.rows("select business_id from drops.members where member_id = $id", id=id)
        if own and own[0]["business_id"]:
            return f"{told}{id} is a centre of seat {own[0]['business_id']}; "
    return told


def _without_opted_out(looked: Looked, facts: list[Fact]) -> list[Fact]:
    """The facts, those about an order of which the customer has opted out of contact withheld."""
    named = {id for fact in facts if (id := fact.row.get("order_id"))}
    opted_out = opted_out_orders(looked, sorted(named))
    rans = {
        fact.row["ran_id"]
        for fact in facts
        if fact.table == "returns" and fact.row["order_id"] in opted_out
    }
    return [
        withhold(fact)
        if fact.row.get("order_id") in opted_out
        or (fact.table == "return_lines" and fact.row["ran_id"] in rans)
        else fact
        for fact in facts
    ]
