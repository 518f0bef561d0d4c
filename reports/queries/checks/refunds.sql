-- One row per currency in which refunds made are not those due.
-- grain: currency
-- New ones were not so, or by another amount, the month before.
select
    now.currency,
    count(*) as rans,
    coalesce(sum(now.difference) filter (where now.difference > 0), 0) as owed,
    coalesce(sum(-now.difference) filter (where now.difference < 0), 0) as paid_too_much,
    count(*) filter (where coalesce(earlier.difference, 0) <> now.difference) as new_rans,
from returns.decisions as now
left join returns.decisions as earlier
    on earlier.ran_id = now.ran_id and earlier.close_month = $before
where now.close_month = $month and now.difference <> 0
group by now.currency
order by now.currency
