-- One row per run of the rotation: what was dealt, and the fewest and most that a seat got.
-- grain: run_no
with
served as (
    select turn.run_no, deal.kind, deal.seat_id, count(*) as deals
    from referral.deals as deal
    join referral.turns as turn
        on turn.kind = deal.kind and turn.source_id = deal.source_id
    where deal.close_month = $month
    group by turn.run_no, deal.kind, deal.seat_id
),

runs as (
    select run_no, min(from_on) as from_on
    from referral.turns
    group by run_no
)

select served.run_no, served.kind || 's' as dealt, runs.from_on, sum(deals) as deals,
    count(*) as seats, min(deals) as fewest, max(deals) as most
from served
join runs on runs.run_no = served.run_no
group by served.run_no, served.kind, runs.from_on
order by served.run_no
