-- One row per open return, the oldest first; a new one has another status than at the last close.
-- grain: ran_id
select ran_id, order_id, reason, requested_on, status, listed_for = 'changed' as is_new
from returns.decisions
where close_month = $month and status in ('requested', 'awaiting_goods')
order by requested_on, ran_id
