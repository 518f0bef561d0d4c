-- One row per status of subscriptions.
-- grain: status
select status, count(*) as subscriptions, count(consultant_id) as tied,
    count(*) filter (where consultant_id is null) as untied,
    sum(monthly_budget) as monthly_budget
from customers.subscriptions
where close_month = $month
group by status
order by status
