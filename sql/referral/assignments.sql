-- One row per retail order that posts in the month: whom the rotation gave it to, or why nobody
-- (contract 2.3; customer referral FAQ). Whose turn it is: deals.step.sql; what waits: offers.sql.
-- grain: order_id
-- report: by benefits_month nulls last, ordered_at, order_id
select
    placed.order_id,
    placed.ordered_at,
    placed.country,
    placed.bv,
    offer.benefits_month,
    coalesce(
        offer.refusal,
        case when credit.seat_id is null then 'no_leader' else 'assigned' end
    ) as outcome,
    credit.seat_id,
    credit.member_id,
    case
        when credit.seat_id is not null
            then placed.ordered_at + $contact_hours * interval 1 hour
    end as contact_by,
from referral.offers as offer
join extracts.orders as placed on placed.order_id = offer.source_id
left join referral.credits as credit
    on credit.kind = offer.kind and credit.source_id = offer.source_id
where offer.kind = 'order'
