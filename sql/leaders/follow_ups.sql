-- One row per call that a representative owes a customer: the month's follow-ups, for the
-- representative's own pack (contract 3, leaders' packs).
-- grain: order_id, task
-- keep: this month
-- unprinted: leader_id, is_past
select
    representative_id as leader_id,
    representative_id,
    order_id,
    customer_email,
    task,
    due_from,
    due_to,
    due_to <= $month_end as is_past,
from returns.follow_ups
where close_month = $close_month
