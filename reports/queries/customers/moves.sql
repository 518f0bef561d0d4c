-- One row per pair of owners between whom customers moved.
-- grain: previous_owner_id, owner_id
select previous_owner_id, owner_id, basis, count(*) as customers, sum(net_bv) as net_bv
from customers.owners
where close_month = $month and previous_owner_id is not null
group by previous_owner_id, owner_id, basis
order by customers desc, previous_owner_id, owner_id, basis
