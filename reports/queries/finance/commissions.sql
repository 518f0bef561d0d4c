-- One row per rate of subscription commission: what was billed with a consultant and without one.
-- grain: rate
select
    rate,
    count(*) as billings,
    sum(amount) as amount,
    coalesce(sum(amount) filter (where consultant_id is not null), 0) as tied,
    coalesce(sum(amount) filter (where consultant_id is null), 0) as untied,
    sum(commission) as commission,
from finance.subscription_commissions
where close_month = $month
group by rate
order by rate desc
