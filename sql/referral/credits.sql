-- One row per dealt order or lead: the member who is credited, which is the seat's latest centre
-- on that day, or the one frozen at qualification (contract 2.3).
-- grain: kind, source_id
-- keep: this month
with
opened as (
    select
        deal.kind,
        deal.source_id,
        centre.member_id,
    from referral.deals as deal
    join referral.offers as offer
        on offer.kind = deal.kind and offer.source_id = deal.source_id
    join referral.centres as centre
        on centre.seat_id = deal.seat_id and centre.enrolled_on <= offer.offered_on
    where deal.close_month = $close_month
    qualify row_number() over (
        partition by deal.kind, deal.source_id
        order by centre.enrolled_on desc, centre.member_id desc
    ) = 1
)

select
    deal.kind,
    deal.source_id,
    deal.seat_id,
    coalesce(opened.member_id, qualification.credit_member_id) as member_id,
from referral.deals as deal
join referral.offers as offer on offer.kind = deal.kind and offer.source_id = deal.source_id
join referral.qualification as qualification
    on qualification.close_month = offer.benefits_month
    and qualification.seat_id = deal.seat_id
left join opened on opened.kind = deal.kind and opened.source_id = deal.source_id
where deal.close_month = $close_month
