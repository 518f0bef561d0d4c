-- One row per call that a representative owes a customer: the month's follow-ups, for the
-- representative's own pack, and whom to call (contract 3, leaders' packs). Who opted out is not
-- named (contract 2.3).
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
    case when not coalesce(placed.contact_opt_out, false) then placed.customer_name end
        as customer_name,
    case when not coalesce(placed.contact_opt_out, false) then placed.customer_phone end
        as customer_phone,
    call.due_to <= $month_end as is_past,
from returns.follow_ups as call
left join extracts.orders as placed on placed.order_id = call.order_id
where call.close_month = $close_month
