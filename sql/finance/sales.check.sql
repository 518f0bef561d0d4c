-- The sales must add up to what the reconciliation says was posted and taken back (contract 2.10).
with
sold as (
    select
        coalesce(sum(bv), 0) as bv,
        coalesce(sum(bv_reversed), 0) as bv_reversed,
    from finance.sales
    where close_month = $close_month
)

select
    sold.bv - totals.orders_posted as orders_posted,
    sold.bv_reversed - totals.reversals_posted as reversals_posted,
from sold
cross join finance.totals as totals
where sold.bv <> totals.orders_posted or sold.bv_reversed <> totals.reversals_posted
