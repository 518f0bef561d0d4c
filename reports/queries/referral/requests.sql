-- One row per reassignment that was asked for.
-- grain: order_id
select order_id, requested_at, from_member_id, to_member_id, business_days, decision, bv
from referral.reassignments
where close_month = $month
order by requested_at, order_id
