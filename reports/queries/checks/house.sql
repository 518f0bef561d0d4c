-- One row per reason for which the house keeps orders, and how many the month before.
-- grain: reason
select
    reason,
    count(*) filter (where close_month = $month) as orders,
    coalesce(sum(bv) filter (where close_month = $month), 0) as bv,
    count(*) filter (where close_month = $before) as orders_before,
from finance.bv_ledger
where close_month in ($month, $before) and entry = 'credit' and member_id is null
group by reason
having count(*) filter (where close_month = $month) > 0
order by bv desc, reason
