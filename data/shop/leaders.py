"""The leaders: businesses of several centres, delegates for leads, and holds."""

from datetime import date
from typing import Final

import polars as pl
from departures import Snapshot
from draws import draw, is_drawn
from periods import LAST_DAY, OPENING_DAY
from records import as_drops_saw
from tree import member_id

BUSINESSES: Final = 8
CENTRES: Final = 3
CENTRE_MIN_ORDERS: Final = 3


def businesses(
    members: pl.DataFrame, orders: pl.DataFrame, title: dict[int, int]
) -> dict[int, str]:
    """The business of each centre: a manager or above and the first two busy ones below.

    The eight lowest numbers of those leaders whose own orders and frontline allow it.
    """
    in_year = orders.filter(pl.col("ordered_on").is_between(OPENING_DAY, LAST_DAY))
    busy = in_year.group_by("member_no").len().filter(pl.col("len") >= CENTRE_MIN_ORDERS)
    associates = members.filter(~pl.col("is_preferred")).join(busy, on="member_no", how="semi")
    centres = (
        associates.filter(pl.col("sponsor_no").is_in(associates["member_no"].implode()))
        .sort("member_no")
        .group_by("sponsor_no", maintain_order=True)
        .agg(pl.col("member_no").head(CENTRES - 1))
        .sort("sponsor_no")
    )
    owned: dict[int, str] = {}
    for leader, frontline in centres.iter_rows():
        if title.get(leader, 0) > 1 and not {leader, *frontline} & owned.keys():
            owned |= dict.fromkeys([leader, *frontline], f"B{leader:04}")
        if len(set(owned.values())) == BUSINESSES:
            break
    return owned


def delegates(
    members: pl.DataFrame, snapshots: list[Snapshot], title: dict[int, int]
) -> pl.DataFrame:
    """Leaders (managers and above) who let one of their frontline receive their leads."""
    sponsors = snapshots[-1].sponsors
    staying = members.filter(~pl.col("is_preferred"), pl.col("member_no").is_in(list(sponsors)))
    line = [(member, sponsors[member]) for member in staying["member_no"]]
    first = pl.DataFrame(line, schema=["delegate_no", "member_no"], orient="row").drop_nulls()
    leaders = [member for member in sponsors if title.get(member, 0) > 1]
    return (
        first.group_by("member_no")
        .agg(pl.col("delegate_no").min())
        .filter(pl.col("member_no").is_in(leaders), draw(pl.col("member_no"), 19, 10) < 4)
        .join(
            members.select(pl.col("member_no").alias("delegate_no"), "enrolled_on"),
            on="delegate_no",
        )
        .with_columns(
            starts_on=pl.max_horizontal(
                pl.lit(date(2011, 1, 1)) + pl.duration(days=draw(pl.col("member_no"), 20, 150)),
                pl.col("enrolled_on"),
            )
        )
        .with_columns(
            ends_on=pl.when(is_drawn(pl.col("member_no"), 21, 3)).then(
                pl.col("starts_on") + pl.duration(days=90)
            )
        )
        .pipe(as_drops_saw, "starts_on", {"ends_on": ["ends_on"]})
        .select(
            "drop",
            member_id=member_id(pl.col("member_no")),
            delegate_id=member_id(pl.col("delegate_no")),
            starts_on="starts_on",
            ends_on="ends_on",
        )
        .sort("drop", "member_id", "starts_on")
    )


def holds(members: pl.DataFrame, title: dict[int, int]) -> pl.DataFrame:
    """Some titled members not in good standing, some barred from referrals; open, later ended."""
    number = pl.col("member_no")
    titled = members.filter(number.is_in([member for member, rank in title.items() if rank > 0]))
    return (
        titled.filter(draw(number, 22, 100) < 12)
        .with_columns(
            hold_id=pl.lit("H") + number.cast(pl.String),
            member_id=member_id(number),
            kind=pl.when(is_drawn(number, 23, 2))
            .then(pl.lit("standing"))
            .otherwise(pl.lit("referral")),
            starts_on=pl.lit(date(2010, 12, 6)) + pl.duration(days=draw(number, 24, 350)),
        )
        .with_columns(
            ends_on=pl.when(~is_drawn(number, 25, 5)).then(
                pl.col("starts_on") + pl.duration(days=14 + draw(number, 26, 70))
            )
        )
        .filter(pl.col("enrolled_on") <= pl.col("starts_on"))
        .pipe(as_drops_saw, "starts_on", {"ends_on": ["ends_on"]})
        .select("drop", "hold_id", "member_id", "kind", "starts_on", "ends_on")
        .sort("drop", "hold_id")
    )
