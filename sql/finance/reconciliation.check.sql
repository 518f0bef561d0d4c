-- The month's BV must be all there: no difference, every posted order credited, every posted
-- reversal entered, transfers even (contract 3).
select 'difference' as broken, net - house_net - volume_total as bv
from finance.totals
where net - house_net - volume_total <> 0
union all
select 'orders_posted - credits' as broken, orders_posted - credits as bv
from finance.totals
where orders_posted <> credits
union all
select 'reversals_posted + reversals' as broken, reversals_posted + reversals as bv
from finance.totals
where reversals_posted + reversals <> 0
union all
select 'transfers' as broken, transfers as bv
from finance.totals
where transfers <> 0
