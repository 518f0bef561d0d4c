-- One row per retail order or lead that posts in the month: the benefits window that it lies in,
-- and why it cannot be dealt, if so (contract 2.3).
-- grain: kind, source_id
-- keep: this month
with
posted as (
    select
        'order' as kind,
        order_id as source_id,
        ordered_at as offered_at,
        ordered_on as offered_on,
        country,
    from extracts.orders
    where channel = 'retail' and posting_month = $close_month
    union all
    select
        'lead' as kind,
        lead_id as source_id,
        requested_at as offered_at,
        requested_on as offered_on,
        country,
    from extracts.leads
    where posting_month = $close_month
)

select
    posted.kind,
    posted.source_id,
    posted.offered_at,
    posted.offered_on,
    posted.country,
    span.month as benefits_month,
    case
        when open_country.country is null then 'outside_countries'
        when span.month is null then 'outside_benefits'
    end as refusal,
from posted
left join book.referral_countries as open_country on open_country.country = posted.country
left join book.windows as span
    on posted.offered_on >= span.benefits_start and posted.offered_on <= span.benefits_end
