-- One row per retail order that came to a leader in the month, by rotation or by reassignment, and
-- that the leader holds at its end, with whom to contact and until when (contract 3, leaders'
-- packs; customer referral FAQ: within 24 hours). Who opted out is not named (contract 2.3).
-- grain: order_id
-- keep: this month
-- unprinted: leader_id, contact_opt_out, is_moved, contact_on
select
    holder.holder_id as leader_id,
    placed.order_id,
    placed.ordered_at,
    case when not coalesce(placed.contact_opt_out, false) then placed.customer_name end
        as customer_name,
    case when not coalesce(placed.contact_opt_out, false) then placed.customer_email end
        as customer_email,
    case when not coalesce(placed.contact_opt_out, false) then placed.customer_phone end
        as customer_phone,
    placed.bv,
    assignment.contact_by,
    coalesce(placed.contact_opt_out, false) as contact_opt_out,
    holder.moved_month is not null as is_moved,
    cast(assignment.contact_by + clock.offset_seconds * interval 1 second as date) as contact_on,
from finance.holders as holder
join referral.assignments as assignment on assignment.order_id = holder.order_id
join extracts.orders as placed on placed.order_id = holder.order_id
left join book.clock as clock
    on assignment.contact_by >= clock.from_at and assignment.contact_by < clock.to_at
where assignment.close_month = $close_month or holder.moved_month = $close_month
