"""Who is in each month's snapshot, and under whom: arrivals, removals by the close, returns.

The company takes those whom its close removed out of its records, so this file foresees the
removals of contract 2 section 6 from the policy of the book. The close itself is not here: where
the two differ, the book holds members who left by themselves or stayed for a while.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from draws import is_drawn
from periods import MONTHS, last_day, next_first_day

KEPT_ONE_IN: Final = 20


@dataclass(frozen=True)
class Snapshot:
    """The members of one month and the sponsor of each."""

    month: str
    sponsors: dict[int, int | None]


@dataclass
class Records:
    """What the company remembers from one close to the next."""

    line: dict[int, int | None]
    flagged_until: dict[int, date] = field(default_factory=dict)
    removed_by: dict[int, str] = field(default_factory=dict)


def sponsor_present(member: int, line: dict[int, int | None], present: set[int]) -> int | None:
    """The nearest sponsor up the line who is still there."""
    sponsor = line[member]
    while sponsor is not None and sponsor not in present:
        sponsor = line[sponsor]
    return sponsor


def deadline_of(month: str, market: dict[str, Any]) -> date:
    """The day by which a member flagged at this month's close must have been active."""
    opening = next_first_day(month)
    notice = opening.replace(day=market.get("notice_day", 1))
    if "grace_days" in market:
        return notice + timedelta(days=market["grace_days"])
    return last_day(opening.isoformat()[:7])


def months_back(opening: date, months: int) -> date:
    """The first day of the month so many months before."""
    count = opening.year * 12 + opening.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def own_activity(month: str, orders: pl.DataFrame, reversals: pl.DataFrame) -> dict[int, date]:
    """The last day of each member's own orders that are known and not cancelled by this close."""
    gone = reversals.filter(pl.col("drop") <= month)["order_id"]
    known = orders.filter(pl.col("drop") <= month, ~pl.col("order_id").is_in(gone.implode()))
    latest = known.group_by("member_no").agg(pl.col("ordered_on").max())
    return dict(zip(latest["member_no"], latest["ordered_on"], strict=True))


def activity(
    snapshot: Snapshot, own: dict[int, date], members: dict[int, dict[str, Any]]
) -> dict[int, date]:
    """The last day on which each member of a snapshot did something that counts."""
    latest = {
        member: max(own.get(member, date.min), members[member]["enrolled_on"])
        for member in snapshot.sponsors
    }
    for member, sponsor in snapshot.sponsors.items():
        if members[member]["is_preferred"] and sponsor is not None and member in own:
            latest[sponsor] = max(latest[sponsor], own[member])
    return latest


def close_month(
    snapshot: Snapshot,
    latest: dict[int, date],
    records: Records,
    members: dict[int, dict[str, Any]],
    rules: dict[str, Any],
) -> None:
    """Flag and remove as the close of this month will, and remember it."""
    month, end = snapshot.month, last_day(snapshot.month)
    limit = months_back(next_first_day(month), rules.get("months", 24))
    markets, exempt = rules.get("markets", {}), set(rules.get("exempt", []))
    flagged: dict[int, date] = {}
    for member in snapshot.sponsors:
        if member in records.removed_by or f"m{member:04}" in exempt or latest[member] >= limit:
            continue
        market = markets.get(members[member]["country"], {})
        deadline = records.flagged_until.get(member)
        if deadline is not None and deadline <= end:
            records.removed_by[member] = month
        elif deadline is not None:
            flagged[member] = deadline
        elif month >= market.get("first_flag_month", rules["first_flag_month"]):
            flagged[member] = deadline_of(month, market)
    records.flagged_until = flagged


def monthly_snapshots(
    members: pl.DataFrame, orders: pl.DataFrame, reversals: pl.DataFrame, rules: dict[str, Any]
) -> list[Snapshot]:
    """The snapshot of every month, oldest first."""
    rows = {row["member_no"]: row for row in members.iter_rows(named=True)}
    kept = set(members.filter(is_drawn(pl.col("member_no"), 3, KEPT_ONE_IN))["member_no"])
    records = Records({member: row["sponsor_no"] for member, row in rows.items()})
    snapshots = []
    for month in MONTHS:
        own = own_activity(month, orders, reversals)
        spend_removals(records, own)
        present = {
            member
            for member, row in rows.items()
            if row["enrolled_on"] <= last_day(month)
            and (member not in records.removed_by or member in kept)
        }
        sponsors = {
            member: sponsor_present(member, records.line, present) for member in sorted(present)
        }
        records.line.update(sponsors)
        snapshots.append(Snapshot(month, sponsors))
        close_month(snapshots[-1], activity(snapshots[-1], own, rows), records, rows, rules)
    return snapshots


def spend_removals(records: Records, own: dict[int, date]) -> None:
    """Whoever has ordered since the month that removed them is a member like any other."""
    for member, month in list(records.removed_by.items()):
        if own.get(member, date.min) >= next_first_day(month):
            del records.removed_by[member]
