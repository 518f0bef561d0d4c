"""The rows of the members table: what the company's records say of a member at a month's end."""

from typing import Any

import polars as pl
from departures import Snapshot
from draws import draw, is_drawn
from ranks import RANKS, titles
from tree import LANGUAGES, member_id


def enrollers(members: pl.DataFrame) -> pl.DataFrame:
    """Who enrolled each member: the sponsor, but for one in five the sponsor's own sponsor."""
    line = members.select(sponsor_no="member_no", above_no="sponsor_no")
    placed = is_drawn(pl.col("member_no"), 5, 5) & pl.col("above_no").is_not_null()
    return members.join(line, on="sponsor_no", how="left", maintain_order="left").with_columns(
        enroller_no=pl.when(placed).then(pl.col("above_no")).otherwise(pl.col("sponsor_no"))
    )


def snapshot_rows(
    enrolled: pl.DataFrame, snapshot: Snapshot, owned: dict[int, str]
) -> pl.DataFrame:
    """One row per member of the snapshot; an enroller who has left is empty."""
    place = titles(enrolled, snapshot.month)
    number = pl.col("member_no")
    present: list[dict[str, Any]] = [
        {
            "member_no": member,
            "line_no": sponsor,
            "title": RANKS[place[member]],
            "business_id": owned.get(member),
        }
        for member, sponsor in snapshot.sponsors.items()
    ]
    schema = {
        "member_no": pl.Int64,
        "line_no": pl.Int64,
        "title": pl.String,
        "business_id": pl.String,
    }
    rows = pl.DataFrame(present, schema=schema).join(enrolled, on="member_no")
    is_there = pl.col("enroller_no").is_in(list(snapshot.sponsors))
    return rows.sort("member_no").select(
        drop=pl.lit(snapshot.month),
        member_id=member_id(number),
        member_type=pl.when("is_preferred")
        .then(pl.lit("preferred_customer"))
        .otherwise(pl.lit("associate")),
        name=pl.lit("Member ") + number.cast(pl.String),
        email=member_id(number) + "@example.invalid",
        phone=pl.when(draw(number, 6, 3) > 0).then(
            pl.lit("+44 7700 900") + draw(number, 7, 1000).cast(pl.String).str.zfill(3)
        ),
        language=pl.col("country").replace_strict(LANGUAGES, return_dtype=pl.String),
        country="country",
        sponsor_id=member_id(pl.col("line_no")),
        enroller_id=pl.when(is_there).then(member_id(pl.col("enroller_no"))),
        business_id="business_id",
        enrolled_on="enrolled_on",
        rank=pl.when(~pl.col("is_preferred")).then(pl.col("title")),
    )
