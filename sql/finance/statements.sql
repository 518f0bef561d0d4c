-- One row per member with an entry in the month, and one for the house: what was credited, moved
-- and taken back (contract 2.4).
-- grain: member_id
-- report: by member_id nulls first
select
    member_id,
    cast(coalesce(sum(bv) filter (where entry = 'credit'), 0) as decimal(38, 2)) as credits,
    cast(coalesce(sum(bv) filter (where entry = 'transfer'), 0) as decimal(38, 2)) as transfers,
    cast(coalesce(sum(bv) filter (where entry = 'reversal'), 0) as decimal(38, 2)) as reversals,
    cast(sum(bv) as decimal(38, 2)) as net_bv,
from finance.bv_ledger
where close_month = $close_month
group by member_id
