-- One row per open return, the oldest first.
-- grain: ran_id
select ran_id, order_id, reason, requested_on, status
from returns.decisions
where close_month = $month and status in ('requested', 'awaiting_goods')
order by requested_on, ran_id
