-- Every posted order has exactly one credit (contract 2.4).
select
    placed.order_id,
    count(entry.order_id) as credits,
from extracts.orders as placed
left join finance.bv_ledger as entry
    on entry.order_id = placed.order_id
    and entry.entry = 'credit'
    and entry.close_month = $close_month
where placed.posting_month = $close_month
group by placed.order_id
having count(entry.order_id) <> 1
