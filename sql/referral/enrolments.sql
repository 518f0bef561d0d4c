-- One row per enrolment in the qualification window that counts for its enroller's seat: not of
-- the business itself, and with an order of its own where the policy asks for one (contract 2.2).
-- grain: member_id
-- keep: this month
with
best_orders as (
    select
        buyer_id,
        max(net_bv) as net_bv,
    from referral.window_orders
    group by buyer_id
)

select
    centre.seat_id,
    member.member_id,
from extracts.members as member
join book.windows as span
    on span.month = $close_month
    and member.enrolled_on >= span.qualification_start
    and member.enrolled_on <= span.qualification_end
join referral.centres as centre on centre.member_id = member.enroller_id
left join referral.centres as own on own.member_id = member.member_id
left join best_orders on best_orders.buyer_id = member.member_id
where
    coalesce(own.seat_id, '') <> centre.seat_id
    and coalesce(member.business_id, '') <> centre.seat_id
    and (
        $min_enrolment_order_bv = 0
        or best_orders.net_bv >= $min_enrolment_order_bv
    )
