-- One row per order of which something was taken back by the month's end: how much of its amount
-- and BV (contract 2.1, net as of a date).
-- grain: order_id
-- keep: this month
select
    order_id,
    cast(sum(amount) as decimal(18, 2)) as amount,
    cast(sum(bv) as decimal(18, 2)) as bv,
from extracts.reversals
where reversed_on <= $month_end
group by order_id
