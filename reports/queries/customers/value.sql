-- One row per owner of customers, the greatest net BV first.
-- grain: owner_id
select owner_id, customers, repeat_customers, retained, orders, net_bv, net_bv as bar
from customers.value
where close_month = $month
order by net_bv desc, owner_id
