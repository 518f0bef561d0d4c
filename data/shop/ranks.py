"""Ranks: the title that a downline earns, and the rank that four weeks' volume pays as.

A title never falls; the paid-as rank is fixed anew every Monday and is never above the title.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl
from departures import Snapshot
from periods import LAST_DAY, last_day, last_sunday, month_of
from tree import member_id

RANKS: Final = ("associate", "consultant", "manager", "director", "executive")
DOWNLINE_OF_RANK: Final = (0, 1, 4, 20, 100)
FOUR_WEEKS_BV_OF_RANK: Final = (0, 25, 80, 400, 1_500)


def rank_of(figure: int, thresholds: tuple[int, ...]) -> int:
    """The place of the highest rank whose threshold the figure reaches."""
    return sum(figure >= threshold for threshold in thresholds) - 1


def titles(members: pl.DataFrame, month: str) -> dict[int, int]:
    """The place of each member's title: by all who ever joined below, gone or not."""
    joined = members.filter(pl.col("enrolled_on") <= last_day(month))
    line = dict(zip(joined["member_no"], joined["sponsor_no"], strict=True))
    downline = dict.fromkeys(line, 0)
    for sponsor in line.values():
        while sponsor is not None:
            downline[sponsor] += 1
            sponsor = line[sponsor]
    return {member: rank_of(count, DOWNLINE_OF_RANK) for member, count in downline.items()}


def weekly_volumes(members: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per member and Monday: own and frontline BV of the four weeks before it."""
    mondays = pl.date_range(
        last_sunday("2010-11") + timedelta(days=1), LAST_DAY, "1w", eager=True
    ).alias("week_start")
    recent = orders.filter(pl.col("ordered_on") >= date(2010, 10, 1)).join(
        members.select("member_no", "sponsor_no"), on="member_no"
    )
    own = recent.select("member_no", "ordered_on", "bv")
    frontline = recent.select(pl.col("sponsor_no").alias("member_no"), "ordered_on", "bv")
    return (
        pl.concat([own, frontline.drop_nulls()])
        .join(mondays.to_frame(), how="cross")
        .filter(
            pl.col("ordered_on") < pl.col("week_start"),
            pl.col("ordered_on") >= pl.col("week_start") - pl.duration(days=28),
        )
        .group_by("member_no", "week_start")
        .agg(pl.col("bv").sum())
    )


def paid_ranks(
    members: pl.DataFrame, orders: pl.DataFrame, snapshots: list[Snapshot]
) -> pl.DataFrame:
    """One row per associate in the snapshot and Monday on which they are paid above associate."""
    title = {
        (snapshot.month, member): place
        for snapshot in snapshots
        for member, place in titles(members, snapshot.month).items()
        if member in snapshot.sponsors
    }
    volumes = weekly_volumes(members, orders).with_columns(drop=month_of(pl.col("week_start")))
    rows = [
        (member, monday, drop, min(rank_of(int(bv), FOUR_WEEKS_BV_OF_RANK), title[drop, member]))
        for member, monday, bv, drop in volumes.iter_rows()
        if (drop, member) in title
    ]
    frame = pl.DataFrame(rows, schema=["member_no", "week_start", "drop", "place"], orient="row")
    return (
        frame.filter(pl.col("place") > 0)
        .sort("week_start", "member_no")
        .select(
            "drop",
            member_id=member_id(pl.col("member_no")),
            week_start="week_start",
            rank=pl.col("place").replace_strict(dict(enumerate(RANKS)), return_dtype=pl.String),
        )
    )
