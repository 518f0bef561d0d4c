"""The extracts about members: the genealogy, paid ranks, holds and delegates."""

from __future__ import annotations

from schemas.cells import column
from schemas.extracts.kinds import described
from schemas.table import Table


class Members(Table):
    """Snapshot of everybody in the genealogy at the month's end."""

    member_id: str = column("id", "The member.", required=True)
    member_type: str = column(
        "code",
        "Whether the member sells and sponsors, or only buys.",
        required=True,
        allowed=("associate", "preferred_customer"),
    )
    name: str = column("text", "The member's name.", is_personal=True)
    email: str = column("email", "Where the member gets mail.", is_personal=True)
    phone: str = column("text", "The member's phone number.", is_personal=True)
    language: str = column("language", "The language that the member is written to in.")
    country: str = column("country", "The member's market.", required=True)
    sponsor_id: str = column("id", "The member directly above in the sponsor line.")
    enroller_id: str = column("id", "The member who brought this one in.")
    business_id: str = column("id", "The business that the member is a centre of.")
    enrolled_on: str = column("date", "The day of the enrolment.", required=True)
    rank: str = column(
        "rank",
        "The member's rank, one of the policy's.",
        required_when=("member_type", "associate"),
    )

    class Config:
        metadata = described("members", "snapshot", "member_id")


class PaidRanks(Table):
    """Event: the rank that a member was paid as in a week."""

    member_id: str = column("id", "The member who was paid.", required=True, names="members")
    week_start: str = column("date", "The week's Monday.", required=True, is_monday=True)
    rank: str = column("rank", "The rank paid as, one of the policy's.", required=True)

    class Config:
        metadata = described("paid_ranks", "event", "member_id", "week_start")


class Holds(Table):
    """Record of a hold on a member's standing or on its share in the referral programme."""

    hold_id: str = column("id", "The hold.", required=True)
    member_id: str = column("id", "The member it lies on.", required=True, names="members")
    kind: str = column(
        "code",
        "Whether the member is not in good standing, or barred from referrals.",
        required=True,
        allowed=("standing", "referral"),
    )
    starts_on: str = column("date", "Its first day.", required=True)
    ends_on: str = column("date", "Its last day; empty: it goes on.", not_before="starts_on")

    class Config:
        metadata = described("holds", "record", "hold_id")


class Delegates(Table):
    """Record of whom a leader has named to receive its leads."""

    member_id: str = column("id", "The leader.", required=True, names="members")
    delegate_id: str = column("id", "Who receives the leads.", required=True, names="members")
    starts_on: str = column("date", "The first day.", required=True)
    ends_on: str = column("date", "The last day; empty: it goes on.", not_before="starts_on")

    class Config:
        metadata = described("delegates", "record", "member_id", "starts_on")
