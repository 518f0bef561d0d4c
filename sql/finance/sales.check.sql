-- The sales must add up to the month's orders and reversals, whatever channel or currency they are
-- of (contract 2.10).
with
sold as (
    select
        coalesce(sum(orders), 0) as orders,
        coalesce(sum(reversals), 0) as reversals,
        coalesce(sum(net_bv), 0) as net_bv,
    from finance.sales
    where close_month = $close_month
),

placed as (
    select
        count(*) as orders,
        coalesce(sum(bv), 0) as bv,
    from extracts.orders
    where posting_month = $close_month
),

taken as (
    select
        count(*) as reversals,
        coalesce(sum(bv), 0) as bv,
    from extracts.reversals
    where posting_month = $close_month
)

select
    sold.orders - placed.orders as orders,
    sold.reversals - taken.reversals as reversals,
    sold.net_bv - (placed.bv - taken.bv) as net_bv,
from sold
cross join placed
cross join taken
where
    sold.orders <> placed.orders
    or sold.reversals <> taken.reversals
    or sold.net_bv <> placed.bv - taken.bv
