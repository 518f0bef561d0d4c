-- One row per return whose refund is not as due.
-- grain: ran_id
-- The largest difference first; a new one was not so, or by another amount, the month before.
select now.ran_id, now.order_id, now.status, now.remedy, now.currency, now.refund_due,
    now.refund_made, now.difference, coalesce(earlier.difference, 0) <> now.difference as is_new
from returns.decisions as now
left join returns.decisions as earlier
    on earlier.ran_id = now.ran_id and earlier.close_month = $before
where now.close_month = $month and now.difference <> 0
order by abs(now.difference) desc, now.ran_id
