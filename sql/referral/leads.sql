-- One row per lead that posts in the month: whom the rotation gave it to, and the delegate who
-- receives it, if that leader has named one for that day (contract 2.3; customer referral FAQ).
-- grain: lead_id
-- report: by benefits_month nulls last, requested_at, lead_id
with
named as (
    select
        credit.source_id,
        delegate.delegate_id,
    from referral.credits as credit
    join referral.offers as offer
        on offer.kind = credit.kind and offer.source_id = credit.source_id
    join extracts.delegates as delegate
        on delegate.member_id = credit.member_id
        and delegate.starts_on <= offer.offered_on
        and coalesce(delegate.ends_on, offer.offered_on) >= offer.offered_on
    join extracts.members as present on present.member_id = delegate.delegate_id
    where credit.kind = 'lead'
    qualify row_number() over (
        partition by credit.source_id
        order by delegate.starts_on desc
    ) = 1
)

select
    lead.lead_id,
    lead.requested_at,
    lead.country,
    offer.benefits_month,
    coalesce(
        offer.refusal,
        case when credit.seat_id is null then 'no_leader' else 'assigned' end
    ) as outcome,
    credit.seat_id,
    credit.member_id,
    named.delegate_id,
from referral.offers as offer
join extracts.leads as lead on lead.lead_id = offer.source_id
left join referral.credits as credit
    on credit.kind = offer.kind and credit.source_id = offer.source_id
left join named on named.source_id = lead.lead_id
where offer.kind = 'lead'
