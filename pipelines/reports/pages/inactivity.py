"""The page on inactive records: flagged, saved and removed, deadlines, and what compression did."""

from __future__ import annotations

from typing import Any

from pipelines.reports.look.formats import ratio
from pipelines.reports.look.tables import Column, Table
from pipelines.reports.pages.month_view import MonthView, read_query

TOTALS = read_query("inactivity/totals")
OVER_TIME = read_query("inactivity/over_time")
DEADLINES = read_query("inactivity/deadlines")
FLAGGED = read_query("inactivity/flagged")
REMOVED = read_query("inactivity/removed")
EFFECT = read_query("inactivity/effect")
MOVED = read_query("inactivity/moved")
STILL = read_query("inactivity/still")
NOTICES = read_query("inactivity/notices")
LEADERS = read_query("inactivity/leaders")


def page(view: MonthView) -> dict[str, Any]:
    """What the page on inactive records shows."""
    totals = view.row(TOTALS)
    return {
        "lead_queries": (TOTALS.name,),
        "totals": totals,
        "rules": view.policy.inactivity,
        "removed_share": ratio(totals["removed"], totals["members"]),
        "trend": view.trend("flags-trend", "Flags by month", OVER_TIME, {
            "new_flags": "Newly flagged", "cleared": "Flag gone (saved or left)",
            "removed": "Removed",
        }, "count"),
        "deadlines": _deadlines(view),
        "flagged": _flagged(view),
        "removed": _removed(view),
        "effect": _effect(view),
        "moved": _moved(view),
        "still": _still(view),
        "notices": _notices(view),
        "leaders": _leaders(view),
    }  # fmt: skip


def _deadlines(view: MonthView) -> Table:
    columns = (
        Column("deadline", "Deadline", "day"), Column("country", "Country", "country"),
        Column("notice_on", "Notice", "day"), Column("members", "Flagged", "count"),
        Column("new_flags", "of them new", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("deadlines", "Deadlines", columns, DEADLINES, csv="flagged.csv",
                      empty="Nobody is flagged.")  # fmt: skip


def _flagged(view: MonthView) -> Table:
    columns = (
        Column("member_id", "Member", "id"), Column("member_type", "Type", "code"),
        Column("country", "Country", "country"), Column("last_activity_on", "Last activity", "day"),
        Column("flagged_on", "Flagged", "day"), Column("notice_on", "Notice", "day"),
        Column("deadline", "Deadline", "day"), Column("new", "New", "sign"),
    )  # fmt: skip
    return view.table("flagged", "Flagged records", columns, FLAGGED, csv="flagged.csv",
                      note="The nearest deadline first.", empty="Nobody is flagged.")  # fmt: skip


def _removed(view: MonthView) -> Table:
    columns = (
        Column("member_id", "Member", "id"), Column("member_type", "Type", "code"),
        Column("country", "Country", "country"),
        Column("sponsor_id", "Sponsor", "id"),
        Column("last_activity_on", "Last activity", "day"),
        Column("flagged_on", "Flagged", "day"), Column("deadline", "Deadline", "day"),
    )  # fmt: skip
    return view.table("removed", "Removed by this close", columns, REMOVED, csv="removed.csv",
                      empty="Nobody is removed by this close.")  # fmt: skip


def _effect(view: MonthView) -> Table:
    columns = (
        Column("member_id", "Member", "id"), Column("legs_before", "Legs before", "count"),
        Column("legs_after", "Legs after", "count"),
        Column("payline_bv_before", "Payline BV before", "bv"),
        Column("payline_bv_after", "Payline BV after", "bv"),
        Column("change", "Change", "signed"),
        Column("payline_bv_after", kind="bar", was="payline_bv_before"),
    )  # fmt: skip
    return view.table("effect", "Lines that the compression changed most", columns, EFFECT,
                      shown=50, csv="effect.csv",
                      note="The line leads from before it to the dot, after it.",
                      empty="The compression changes no line's volume or legs.")  # fmt: skip


def _moved(view: MonthView) -> Table:
    columns = (
        Column("levels_up", "Positions passed", "count"), Column("members", "Members", "count"),
        Column("roots", "of them now without a sponsor", "count"), Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("moved", "Members who moved up", columns, MOVED, csv="compression.csv",
                      empty="Nobody moves up.")  # fmt: skip


def _still(view: MonthView) -> Table:
    columns = (
        Column("member_id", "Member", "id"),
        Column("removed_in", "Removed in", "month"),
    )
    return view.table("still", "Removed before, but still in the extract", columns, STILL,
                      csv="still_present.csv",
                      note="Take them out of the system: they are neither flagged nor removed "
                           "again, and the lines below them are compressed each month.",
                      empty="No removed member is in the extract.")  # fmt: skip


def _notices(view: MonthView) -> Table:
    columns = (
        Column("role", "To", "code"), Column("language", "Language", "language"),
        Column("notice_on", "Notice", "day"), Column("notices", "Notices", "count"),
        Column("mute", "without an e-mail", "count"),
    )  # fmt: skip
    return view.table("notices", "Notices", columns, NOTICES, csv="notices.csv",
                      empty="No record was newly flagged, so nobody is told.")  # fmt: skip


def _leaders(view: MonthView) -> Table:
    columns = (
        Column("leader_id", "Leader", "id"), Column("members", "On the list", "count"),
        Column("enrolled", "as enroller", "count"), Column("upline", "as upline", "count"),
        Column("bar", kind="bar"),
    )  # fmt: skip
    return view.table("leaders", "Leaders' lists", columns, LEADERS, shown=50, csv="lists.csv",
                      empty="No leader has a flagged record to hear of.")  # fmt: skip
