-- One row per refund that names no known RAN, the largest first.
select reversal_id, order_id, ran_id, reversed_at, amount, bv
from returns.unmatched
where close_month = $month
order by amount desc, reversal_id
