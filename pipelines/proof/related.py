"""What else an order, member or seat leads to: others that can be explained in turn."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.proof.story import Decision, Fact, Related

# By kind and table of a fact: its column, the kind that it names, and as what.
OF_FACTS = {
    ("order", "orders"): (("buyer_id", "member", "buyer"), ("seller_id", "member", "seller")),
    ("order", "reassignments"): (("member_id", "member", "referring associate"),),
    ("member", "members"): (
        ("sponsor_id", "member", "sponsor"), ("enroller_id", "member", "enroller"),
        ("business_id", "seat", "seat"),
    ),
    ("member", "delegates"): (
        ("member_id", "member", "leader"), ("delegate_id", "member", "delegate"),
    ),
    ("member", "reassignments"): (("order_id", "order", "claimed order"),),
    ("member", "orders"): (("order_id", "order", "order"),),
    ("seat", "members"): (("member_id", "member", "centre"),),
}  # fmt: skip
OF_DECISIONS = {
    ("order", "referral/assignments"): (
        ("seat_id", "seat", "seat"), ("member_id", "member", "credited"),
    ),
    ("order", "referral/reassignments"): (
        ("from_member_id", "member", "holder before"),
    ),
    ("order", "returns/follow_ups"): (("representative_id", "member", "representative"),),
    ("member", "referral/qualification"): (("seat_id", "seat", "seat"),),
    ("member", "referral/assignments"): (("order_id", "order", "assigned order"),),
    ("member", "inactivity/compression"): (
        ("old_sponsor_id", "member", "sponsor before"),
        ("new_sponsor_id", "member", "sponsor after"),
    ),
    ("member", "inactivity/lists"): (("leader_id", "member", "told leader"),),
    ("seat", "referral/qualification"): (("credit_member_id", "member", "credited"),),
    ("seat", "referral/assignments"): (
        ("order_id", "order", "assigned order"), ("member_id", "member", "credited"),
    ),
    ("seat", "referral/leads"): (("member_id", "member", "credited"),),
}  # fmt: skip


def find_related(
    kind: str, id: str, facts: Iterable[Fact], decisions: Iterable[Decision]
) -> list[Related]:
    """What facts and decisions name, each once for what it is, by kind, id and role."""
    found = {
        Related(theirs, cell, role)
        for fact in facts
        for column, theirs, role in OF_FACTS.get((kind, fact.table), ())
        if (cell := fact.row[column])
    }
    found |= {
        Related(theirs, cell, role)
        for decision in decisions
        for column, theirs, role in OF_DECISIONS.get((kind, decision.report), ())
        if (cell := decision.row[column])
    }
    return sorted(
        (each for each in found if (each.kind, each.id) != (kind, id)),
        key=lambda each: (each.kind, each.id, each.role),
    )
