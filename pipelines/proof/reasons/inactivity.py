"""Why a record is flagged, removed, moved up or told of (contract 2.6).

Belongs here: the words. Which document was the last activity is found in `last_activity`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from pipelines.book.programme_sections import Inactivity, Market
from pipelines.months import Month
from pipelines.proof.closed_home import Looked
from pipelines.proof.reasons.last_activity import Activities, find_activities
from pipelines.proof.reasons.words import listed
from pipelines.proof.story import Decision, Row

ANCESTORS_TOLD = 10


def tell_flagged(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Since when a member is inactive, by which document, and until when it can act."""
    activities = find_activities(looked, rows)
    return [_tell_flagged(looked, decision, activities) for decision in rows]


def _tell_flagged(looked: Looked, decision: Decision, activities: Activities) -> list[str]:
    row, figures = decision.row, looked.policy(decision.month).inactivity
    if figures is None:  # a row without the programme is none of ours
        return []
    told = _tell_inactive(decision, figures, activities)
    if row["new"] == "false":
        told.append(f"flagged already on {row['flagged_on']}: the flag and its dates stand")
    else:
        told.append(f"flagged by the close of {decision.month}, on {row['flagged_on']}")
    return [*told, _tell_deadline(row, _market(figures, row["country"]), row["new"] == "true")]


def _tell_inactive(
    decision: Decision, figures: Inactivity, activities: Activities
) -> list[str]:  # fmt: skip
    close = Month(decision.month).next.start
    last = decision.row["last_activity_on"]
    limit = months_before(close, figures.months)
    return [
        f"its last activity was on {last}: {activities.told(decision)}",
        *activities.cancelled_since(decision),
        f"that is earlier than {limit}, {figures.months} months before {close}",
    ]


def months_before(day: date, months: int) -> date:
    """The first of a month so many months before the first of another."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _market(figures: Inactivity, country: str) -> Market | None:
    return next((market for market in figures.markets if market.country == country), None)


def _tell_deadline(row: Row, market: Market | None, is_new: bool) -> str:
    told = f"notice on {row['notice_on']}, deadline {row['deadline']}"
    if not is_new:
        return told
    day = market.notice_day if market else 1
    where = f"day {day} of the month in {row['country']}" if market else f"day {day} of the month"
    if market is None or market.grace_days is None:
        return f"{told}: notice is on {where}, the deadline that month's last day"
    return f"{told}: notice is on {where}, the deadline {market.grace_days} days later"


def tell_removed(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Why the flag has led to the removal."""
    activities = find_activities(looked, rows)
    told = []
    for decision in rows:
        row, figures = decision.row, looked.policy(decision.month).inactivity
        inactive = _tell_inactive(decision, figures, activities) if figures else []
        end = Month(decision.month).end
        told.append([
            f"flagged on {row['flagged_on']}; its deadline, {row['deadline']}, is not after {end}",
            *inactive, f"removed by the close of {decision.month}",
        ])  # fmt: skip
    return told


def tell_still_present(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Why nobody is removed twice."""
    return [
        [
            f"removed by the close of {decision.row['removed_in']}, it stands in the snapshot of "
            f"{decision.month} without activity since: neither flagged nor removed anew"
        ]
        for decision in rows
    ]


def tell_compression(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Who was passed on the way up; ancestors before and after, to where nothing changes."""
    gone: dict[str, dict[str, str | None]] = defaultdict(dict)
    months = sorted({decision.month for decision in rows})
    for row in looked.rows(
        "select close_month, member_id, sponsor_id from inactivity.gone_positions "
        "where list_contains($own, close_month)",
        own=months,
    ):
        gone[row["close_month"]][row["member_id"]] = row["sponsor_id"]
    return [_tell_compression(looked, decision, gone[decision.month]) for decision in rows]


def _tell_compression(
    looked: Looked, decision: Decision, gone: dict[str, str | None]
) -> list[str]:  # fmt: skip
    row = decision.row
    passed, above = [], row["old_sponsor_id"] or None
    while above in gone:
        passed.append(above)
        above = gone[above]
    kept = _ancestors(looked, decision.month, above)
    before, after = [*passed, *kept], kept
    to = f"under {above}" if above else "up to the top: there is no such ancestor"
    count = len(passed)
    levels = "1 level" if count == 1 else f"{count} levels"
    return [
        f"{listed(passed)} {'is' if count == 1 else 'are'} gone; it moves {levels} up, {to}",
        f"ancestors before: {', '.join(before) or 'none'}; after: {', '.join(after) or 'none'}",
    ]


def _ancestors(looked: Looked, month: str, member: str | None) -> list[str]:
    """A member and those above it, in the newest month's line; of an earlier one the member only.

    Above the new sponsor a compression changes nothing.
    """
    found: list[str] = []
    while member is not None and len(found) < ANCESTORS_TOLD:
        found.append(member)
        if month != looked.newest.text:
            return [*found, "…"]
        rows = looked.rows(
            "select sponsor_id from drops.members where member_id = $id", id=member
        )  # fmt: skip
        member = rows[0]["sponsor_id"] if rows else None
    return found if member is None else [*found, "…"]


def tell_effect(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """What the compression has changed for a member."""
    told = []
    for decision in rows:
        row, volume = decision.row, looked.policy(decision.month).volume
        levels = volume.pay_levels if volume else 5
        told.append([
            f"legs {row['legs_before']} before the compression, {row['legs_after']} after",
            f"payline volume of levels 1 to {levels}: {row['payline_bv_before']} before, "
            f"{row['payline_bv_after']} after",
        ])  # fmt: skip
    return told


def tell_lists(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Why a leader hears of the flag."""
    told = []
    for decision in rows:
        row, figures = decision.row, looked.policy(decision.month).inactivity
        if row["relation"] == "enroller" or figures is None:
            told.append([f"{row['leader_id']} hears of the flag as its enroller"])
            continue
        level = "1 level" if row["level"] == "1" else f"{row['level']} levels"
        told.append([
            f"{row['leader_id']} hears of the flag: {level} above it, at most "
            f"{figures.list_levels} count, and {figures.leader_rank} or above"
        ])  # fmt: skip
    return told


def tell_notices(looked: Looked, rows: Sequence[Decision], is_whole: bool) -> list[list[str]]:
    """Whom the new flag is told to."""
    return [
        [
            f"a new flag is told to its {row['role']}, {row['recipient_id']}, "
            f"on {row['notice_on']}" + ("" if row["email"] else "; there is no address to write to")
        ]
        for row in (decision.row for decision in rows)
    ]
