"""The reports of inactive records and compression (contract 2, section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.cells import printed
from schemas.reports.kinds import reported
from schemas.table import Table

if TYPE_CHECKING:
    import polars as pl

MEMBER_TYPES = ("associate", "preferred_customer")
RELATIONS = ("enroller", "upline")


class Flagged(Table):
    """One row per inactive member that is not removed: until when it can still act."""

    member_id: pl.String = printed("id", "The member.")
    member_type: pl.String = printed("code", "What kind of member.", allowed=MEMBER_TYPES)
    country: pl.String = printed("country", "The member's market.")
    sponsor_id: pl.String = printed("id", "The member directly above.", empty="it is a root")
    enroller_id: pl.String = printed("id", "Who brought it in.", empty="nobody is known")
    last_activity_on: pl.Date = printed("date", "The day of its last activity.")
    flagged_on: pl.Date = printed("date", "The day since which it is flagged.")
    notice_on: pl.Date = printed("date", "The day of the notice.")
    deadline: pl.Date = printed(
        "date", "The last day on which it can still act.", not_before="notice_on"
    )
    new: pl.Boolean = printed("bool", "Whether this close flagged it.")

    class Config:
        metadata = reported("inactivity/flagged", "member_id")


class Removed(Table):
    """One row per member removed by this close: flagged before, its deadline past."""

    member_id: pl.String = printed("id", "The member.")
    member_type: pl.String = printed("code", "What kind of member.", allowed=MEMBER_TYPES)
    country: pl.String = printed("country", "The member's market.")
    sponsor_id: pl.String = printed("id", "The member directly above.", empty="it is a root")
    enroller_id: pl.String = printed("id", "Who brought it in.", empty="nobody is known")
    last_activity_on: pl.Date = printed("date", "The day of its last activity.")
    flagged_on: pl.Date = printed("date", "The day since which it was flagged.")
    deadline: pl.Date = printed("date", "The last day on which it could still act.")

    class Config:
        metadata = reported("inactivity/removed", "member_id")


class StillPresent(Table):
    """One row per member removed by an earlier close that stands in the snapshot again."""

    member_id: pl.String = printed("id", "The member, without any activity since.")
    removed_in: pl.String = printed("month", "The month whose close removed it last.")

    class Config:
        metadata = reported("inactivity/still_present", "member_id")


class Compression(Table):
    """One row per member whose sponsor is gone: who becomes its sponsor."""

    member_id: pl.String = printed("id", "The member.")
    old_sponsor_id: pl.String = printed("id", "Its sponsor, who is gone.")
    new_sponsor_id: pl.String = printed(
        "id", "The nearest ancestor that is not gone.", empty="it becomes a root"
    )
    levels_up: pl.Int32 = printed("int", "How many gone positions it passed.", least=1)

    class Config:
        metadata = reported("inactivity/compression", "member_id")


class Effect(Table):
    """One row per member whose legs or payline volume the compression changes."""

    member_id: pl.String = printed("id", "The member.")
    legs_before: pl.Int32 = printed("int", "Associates sponsored directly, before.", least=0)
    legs_after: pl.Int32 = printed("int", "Associates sponsored directly, after.", least=0)
    payline_bv_before: pl.Decimal = printed("decimal", "Payline volume of the month, before.")
    payline_bv_after: pl.Decimal = printed(
        "decimal", "Payline volume after, without that of who is gone."
    )

    class Config:
        metadata = reported("inactivity/effect", "member_id")


class Lists(Table):
    """One row per leader and flagged member that the leader should hear of."""

    leader_id: pl.String = printed("id", "The leader.")
    member_id: pl.String = printed("id", "The flagged member.")
    relation: pl.String = printed(
        "code", "Whether the leader enrolled it, or stands above it.", allowed=RELATIONS
    )
    level: pl.Int32 = printed(
        "int",
        "How many levels the member stands below the leader.",
        empty="it is not below, or further down than lists go",
        least=1,
    )

    class Config:
        metadata = reported("inactivity/lists", "leader_id", "member_id")


class Notices(Table):
    """One row per new flag and person to tell: the holder of the record, and its enroller."""

    member_id: pl.String = printed("id", "The member that is flagged.")
    recipient_id: pl.String = printed("id", "The member to tell.")
    role: pl.String = printed(
        "code", "Whether that is the holder or the enroller.", allowed=("holder", "enroller")
    )
    language: pl.String = printed("language", "The recipient's language.", empty="unknown")
    email: pl.String = printed(
        "email", "The recipient's address.", empty="unknown", is_personal=True
    )
    notice_on: pl.Date = printed("date", "The day of the notice.")
    deadline: pl.Date = printed(
        "date", "The last day on which the member can still act.", not_before="notice_on"
    )

    class Config:
        metadata = reported("inactivity/notices", "member_id", "role")
