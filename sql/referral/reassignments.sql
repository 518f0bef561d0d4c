-- One row per reassignment that posts in the month: whether the order moves to the referring
-- associate, and what is left of it to move (contract 2.4; customer referral FAQ: within three
-- business days).
-- grain: order_id
-- report: by requested_at, order_id
with
requests as (
    select
        request.order_id,
        request.requested_at,
        placed.ordered_at,
        request.member_id as to_member_id,
        placed.channel,
        placed.bv,
        case placed.channel
            when 'member' then placed.buyer_id
            when 'sale' then placed.seller_id
            else assignment.member_id
        end as from_member_id,
        coalesce(assignment.outcome = 'assigned', false) as is_assigned,
        asked.passed - ordered.passed as business_days,
    from extracts.reassignments as request
    join extracts.orders as placed on placed.order_id = request.order_id
    join book.business_days as ordered
        on ordered.country = placed.country and ordered.day = placed.ordered_on
    join book.business_days as asked
        on asked.country = placed.country and asked.day = request.requested_on
    left join referral.assignments as assignment on assignment.order_id = request.order_id
    where request.posting_month = $close_month
),

reversed_before as (
    select
        requests.order_id,
        sum(reversal.bv) as bv,
    from requests
    join extracts.reversals as reversal
        on reversal.order_id = requests.order_id
        and (
            reversal.posting_month < $close_month
            or (
                reversal.posting_month = $close_month
                and greatest(reversal.reversed_at, requests.ordered_at)
                < greatest(requests.requested_at, requests.ordered_at)
            )
        )
    group by requests.order_id
),

decided as (
    select
        requests.order_id,
        requests.bv - coalesce(reversed_before.bv, 0) as bv_left,
        case
            when requests.channel <> 'retail' then 'not_retail'
            when not requests.is_assigned then 'not_assigned'
            when claimant.member_id is null then 'not_associate'
            when requests.business_days > $reassignment_business_days then 'too_late'
            when requests.bv > 0 and requests.bv = reversed_before.bv then 'reversed'
            else 'accepted'
        end as decision,
    from requests
    left join reversed_before on reversed_before.order_id = requests.order_id
    left join extracts.members as claimant
        on claimant.member_id = requests.to_member_id and claimant.member_type = 'associate'
)

select
    requests.order_id,
    requests.requested_at,
    requests.from_member_id,
    requests.to_member_id,
    requests.business_days,
    decided.decision,
    cast(
        case when decided.decision = 'accepted' then decided.bv_left else 0 end
        as decimal(18, 2)
    ) as bv,
from requests
join decided on decided.order_id = requests.order_id
