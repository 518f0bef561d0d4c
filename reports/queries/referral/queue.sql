-- One row per seat that qualified this month, the one that was served longest ago first.
-- grain: seat_id
select
    row_number() over (order by orders.deal_no nulls first, seat.seat_id) as place,
    seat.seat_id, seat.credit_member_id,
    assignment.ordered_at as last_order_at, assignment.order_id as last_order_id
from referral.qualification as seat
left join referral.queue as orders
    on orders.seat_id = seat.seat_id and orders.kind = 'order' and orders.close_month = $month
left join referral.deals as deal on deal.deal_no = orders.deal_no and deal.kind = 'order'
left join referral.assignments as assignment on assignment.order_id = deal.source_id
where seat.close_month = $month and seat.qualified
order by place
