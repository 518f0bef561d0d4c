-- One row per month: the net BV of the house.
-- grain: the month
select coalesce(sum(net_bv), 0) as net_bv
from finance.statements
where close_month = $month and member_id is null
