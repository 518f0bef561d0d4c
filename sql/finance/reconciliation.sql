-- One row per line of the proof that the month's BV is all there: what was posted, what became of
-- it, and that nothing is left over (contract 3).
-- grain: line
-- report: by place
-- unprinted: place
select 'orders_posted' as line, orders_posted as bv, 1 as place from finance.totals
union all
select 'credits' as line, credits as bv, 2 as place from finance.totals
union all
select 'house_credits' as line, house_credits as bv, 3 as place from finance.totals
union all
select 'transfers' as line, transfers as bv, 4 as place from finance.totals
union all
select 'reversals_posted' as line, reversals_posted as bv, 5 as place from finance.totals
union all
select 'reversals' as line, reversals as bv, 6 as place from finance.totals
union all
select 'net' as line, net as bv, 7 as place from finance.totals
union all
select 'house_net' as line, house_net as bv, 8 as place from finance.totals
union all
select 'volume_total' as line, volume_total as bv, 9 as place from finance.totals
union all
select
    'difference' as line,
    cast(net - house_net - volume_total as decimal(38, 2)) as bv,
    10 as place,
from finance.totals
