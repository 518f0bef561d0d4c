-- One row per month: the sums that the reconciliation sets against each other, each taken from
-- where it arises: extracts, ledger, volumes (contract 3).
-- grain: close_month
-- keep: this month
with
orders_posted as (
    select sum(bv) as bv
    from extracts.orders
    where posting_month = $close_month
),

reversals_posted as (
    select sum(bv) as bv
    from extracts.reversals
    where posting_month = $close_month
),

ledger as (
    select
        sum(bv) as net,
        sum(bv) filter (where entry = 'credit') as credits,
        sum(bv) filter (where entry = 'credit' and member_id is null) as house_credits,
        sum(bv) filter (where entry = 'transfer') as transfers,
        sum(bv) filter (where entry = 'reversal') as reversals,
        sum(bv) filter (where member_id is null) as house_net,
    from finance.bv_ledger
    where close_month = $close_month
),

volumes as (
    select sum(personal_bv) as bv
    from finance.volume
    where close_month = $close_month
)

select
    cast(coalesce(orders_posted.bv, 0) as decimal(38, 2)) as orders_posted,
    cast(coalesce(ledger.credits, 0) as decimal(38, 2)) as credits,
    cast(coalesce(ledger.house_credits, 0) as decimal(38, 2)) as house_credits,
    cast(coalesce(ledger.transfers, 0) as decimal(38, 2)) as transfers,
    cast(coalesce(reversals_posted.bv, 0) as decimal(38, 2)) as reversals_posted,
    cast(coalesce(ledger.reversals, 0) as decimal(38, 2)) as reversals,
    cast(coalesce(ledger.net, 0) as decimal(38, 2)) as net,
    cast(coalesce(ledger.house_net, 0) as decimal(38, 2)) as house_net,
    cast(coalesce(volumes.bv, 0) as decimal(38, 2)) as volume_total,
from orders_posted
cross join reversals_posted
cross join ledger
cross join volumes
