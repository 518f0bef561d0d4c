-- One row per stretch of days in which the same seats of a benefits window are eligible: it ends
-- where a hold on one of them starts or has ended (contract 2.3).
-- grain: from_on
-- keep: this month
with
changes as (
    select
        span.month as benefits_month,
        span.benefits_start as from_on,
    from book.windows as span
    semi join referral.offers as offer
        on offer.benefits_month = span.month and offer.refusal is null
    union all
    select
        benefits_month,
        starts_on as from_on,
    from referral.seat_holds
    union all
    select
        benefits_month,
        cast(ends_on + interval 1 day as date) as from_on,
    from referral.seat_holds
    where ends_on is not null
),

starts as (
    select distinct
        changes.benefits_month,
        changes.from_on,
        span.benefits_end,
    from changes
    join book.windows as span
        on span.month = changes.benefits_month
        and changes.from_on >= span.benefits_start
        and changes.from_on <= span.benefits_end
)

select
    benefits_month,
    from_on,
    coalesce(
        cast(lead(from_on) over (
            partition by benefits_month order by from_on
        ) - interval 1 day as date),
        benefits_end
    ) as to_on,
from starts
