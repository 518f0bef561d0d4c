-- One row per channel and currency of the month's orders and reversals: what was posted, what was
-- taken back, by the order's channel and currency, and what is left (contract 2.10).
-- grain: channel, currency
-- report: by channel, currency
with
documents as (
    select
        channel,
        currency,
        1 as orders,
        amount,
        bv,
        0 as reversals,
        cast(0 as decimal(18, 2)) as amount_reversed,
        cast(0 as decimal(18, 2)) as bv_reversed,
    from extracts.orders
    where posting_month = $close_month
    union all
    select
        placed.channel,
        placed.currency,
        0 as orders,
        cast(0 as decimal(18, 2)) as amount,
        cast(0 as decimal(18, 2)) as bv,
        1 as reversals,
        reversal.amount as amount_reversed,
        reversal.bv as bv_reversed,
    from extracts.reversals as reversal
    join extracts.orders as placed on placed.order_id = reversal.order_id
    where reversal.posting_month = $close_month
)

select
    channel,
    currency,
    cast(sum(orders) as integer) as orders,
    cast(sum(amount) as decimal(38, 2)) as amount,
    cast(sum(bv) as decimal(38, 2)) as bv,
    cast(sum(reversals) as integer) as reversals,
    cast(sum(amount_reversed) as decimal(38, 2)) as amount_reversed,
    cast(sum(bv_reversed) as decimal(38, 2)) as bv_reversed,
    cast(sum(amount - amount_reversed) as decimal(38, 2)) as net_amount,
    cast(sum(bv - bv_reversed) as decimal(38, 2)) as net_bv,
from documents
group by channel, currency
