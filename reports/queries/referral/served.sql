-- One row per seat that was given an order or a lead, the most orders first.
-- grain: seat_id
with
orders as (
    select seat_id, count(*) as orders, sum(bv) as bv, max(ordered_at) as last_at
    from referral.assignments
    where close_month = $month and outcome = 'assigned'
    group by seat_id
),

leads as (
    select seat_id, count(*) as leads
    from referral.leads
    where close_month = $month and outcome = 'assigned'
    group by seat_id
)

select coalesce(orders.seat_id, leads.seat_id) as seat_id, coalesce(orders.orders, 0) as orders,
    coalesce(orders.orders, 0) as bar, coalesce(orders.bv, 0) as bv, orders.last_at,
    coalesce(leads.leads, 0) as leads
from orders
full join leads on leads.seat_id = orders.seat_id
order by orders desc, leads desc, seat_id
