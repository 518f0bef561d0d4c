-- One row per currency in which refunds made are not those due.
-- grain: currency
select
    currency,
    count(*) as rans,
    coalesce(sum(difference) filter (where difference > 0), 0) as owed,
    coalesce(sum(-difference) filter (where difference < 0), 0) as paid_too_much,
from returns.decisions
where close_month = $month and difference <> 0
group by currency
order by currency
