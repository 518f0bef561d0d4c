-- One row per call that a representative owes a customer: the month's follow-ups, for the
-- representative's own pack, and whom to call (contract 3, leaders' packs). A retail order of who
-- opted out has no calls; for a sale the flag has no effect (contract 2.3).
-- grain: order_id, task
-- keep: this month
-- unprinted: leader_id, customer_name, customer_phone, is_past
select
    call.representative_id as leader_id,
    call.representative_id,
    call.order_id,
    call.customer_email,
    call.task,
    call.due_from,
    call.due_to,
    placed.customer_name,
    placed.customer_phone,
    call.due_to <= $month_end as is_past,
from returns.follow_ups as call
join extracts.orders as placed on placed.order_id = call.order_id
where call.close_month = $close_month
