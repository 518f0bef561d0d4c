-- One row per return whose refund is not as due, the largest difference first.
-- grain: ran_id
select ran_id, order_id, status, remedy, currency, refund_due, refund_made, difference
from returns.decisions
where close_month = $month and difference <> 0
order by abs(difference) desc, ran_id
