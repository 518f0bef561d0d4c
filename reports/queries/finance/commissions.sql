-- One row per rate of subscription commission.
-- grain: rate
select
    rate,
    count(*) as billings,
    count(*) filter (where consultant_id is null) as untied,
    sum(amount) as amount,
    sum(commission) as commission,
from finance.subscription_commissions
where close_month = $month
group by rate
order by rate desc
