-- One row per retail order or lead that can be dealt, in the order of dealing; deal_no runs on
-- through all months, and a run is a row of turns for which the same seats are eligible
-- (contract 2.3).
-- grain: kind, source_id
-- keep: this month
-- earlier months of: referral.queue
with
served as (
    select coalesce(max(deal_no), 0) as deals_so_far
    from referral.queue
    where close_month = $last_referral_month
),

placed as (
    select
        offer.kind,
        offer.source_id,
        stretch.from_on,
        row_number() over (
            order by offer.kind, offer.benefits_month, offer.offered_at, offer.source_id
        ) as turn_no,
        coalesce(lag(stretch.from_on) over (
            partition by offer.kind
            order by offer.benefits_month, offer.offered_at, offer.source_id
        ) <> stretch.from_on, true) as is_change,
    from referral.offers as offer
    join referral.stretches as stretch
        on stretch.benefits_month = offer.benefits_month
        and offer.offered_on >= stretch.from_on
        and offer.offered_on <= stretch.to_on
    where offer.refusal is null
)

select
    placed.kind,
    placed.source_id,
    placed.from_on,
    cast(served.deals_so_far + placed.turn_no as bigint) as deal_no,
    cast(sum(case when placed.is_change then 1 else 0 end) over (
        order by placed.turn_no rows between unbounded preceding and current row
    ) as integer) as run_no,
from placed
cross join served
