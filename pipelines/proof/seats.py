"""A seat's centres, and its place in the queues after each month (contract 4, `queue`)."""

from __future__ import annotations

from pipelines.proof.closed_home import Looked
from pipelines.proof.story import Place

CENTRES = """
    select distinct member_id from referral.known_centres
    where seat_id = $id and list_contains($months, close_month)
    union
    select member_id from drops.members
    where drop_month = $last and member_type = 'associate'
        and coalesce(business_id, member_id) = $id
    order by member_id
"""
# After a month's last deal: of those who qualified in it, the longest unserved first.
PLACES = """
    select
        seat.close_month as month, kind.kind as deals, seat.seat_id,
        row_number() over (
            partition by seat.close_month, kind.kind
            order by served.deal_no nulls first, seat.seat_id
        ) as place,
        count(*) over (partition by seat.close_month, kind.kind) as seats
    from referral.qualification as seat
    cross join (select 'order' as kind union all select 'lead') as kind
    left join referral.queue as served
        on served.close_month = seat.close_month
        and served.kind = kind.kind and served.seat_id = seat.seat_id
    where seat.qualified and list_contains($qualified, seat.close_month)
    qualify seat.seat_id = $id
    order by month, deals desc
"""
LAST_DEALS = """
    select month.month, deal.kind as deals, deal.source_id as id, deal.close_month
    from (select unnest($months) as month) as month
    join referral.deals as deal on deal.seat_id = $id and deal.close_month <= month.month
    qualify row_number() over (partition by month.month, deal.kind order by deal.deal_no desc) = 1
"""


def find_centres(looked: Looked, id: str) -> list[str]:
    """The members who are a seat's centres, or were in a month looked at."""
    return [row["member_id"] for row in looked.rows(CENTRES, id=id)]


def find_places(looked: Looked, id: str) -> list[Place]:
    """The seat's place for orders and for leads, in every month in which it qualified."""
    last = {
        (row["month"], row["deals"]): {"id": row["id"], "month": row["close_month"]}
        for row in looked.rows(LAST_DEALS, id=id)
    }
    qualified = looked.rows(
        "select close_month from referral.qualification "
        "where seat_id = $id and qualified and list_contains($months, close_month)",
        id=id,
    )
    rows = looked.rows(PLACES, id=id, qualified=[row["close_month"] for row in qualified])
    return [
        Place(row["month"], row["deals"], row["place"], row["seats"],
              last.get((row["month"], row["deals"])))
        for row in rows
    ]  # fmt: skip
