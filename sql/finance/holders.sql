-- One row per retail order that the rotation gave to a leader: who was credited with it and, where
-- a reassignment moved it, who holds it since. A request stamped before its order counts as of the
-- order's instant (contract 2.4).
-- grain: order_id
-- view
select
    assignment.order_id,
    assignment.member_id as credited_member_id,
    moved.to_member_id as moved_to_member_id,
    case
        when moved.order_id is not null then greatest(moved.requested_at, assignment.ordered_at)
    end as moved_at,
    moved.close_month as moved_month,
    coalesce(moved.to_member_id, assignment.member_id) as holder_id,
from referral.assignments as assignment
left join referral.reassignments as moved
    on moved.order_id = assignment.order_id and moved.decision = 'accepted'
where assignment.outcome = 'assigned'
