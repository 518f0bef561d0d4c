-- One row per reason for which the house keeps orders.
-- grain: reason
select reason, count(*) as orders, sum(bv) as bv
from finance.bv_ledger
where close_month = $month and entry = 'credit' and member_id is null
group by reason
order by reason
