-- One row per kind of reversal: BV by the age of the order in days.
-- grain: kind
with
aged as (
    select
        reversal.kind,
        reversal.bv,
        date_diff('day', placed.ordered_on, reversal.reversed_on) as days,
    from extracts.reversals as reversal
    join extracts.orders as placed on placed.order_id = reversal.order_id
    where reversal.posting_month = $month
)

select
    kind,
    count(*) as reversals,
    coalesce(sum(bv) filter (where days <= 14), 0) as to_14,
    coalesce(sum(bv) filter (where days between 15 and 30), 0) as to_30,
    coalesce(sum(bv) filter (where days between 31 and 90), 0) as to_90,
    coalesce(sum(bv) filter (where days > 90), 0) as older,
    sum(bv) as bv,
from aged
group by kind
order by kind
