-- One row per main figure of the customers page and month of the trend.
-- grain: figure, month
select 'commission' as figure, close_month as month,
    cast(sum(commission) as decimal(38, 2)) as value
from finance.subscription_commissions
where close_month between $first and $month
group by close_month
union all
select 'owned' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from customers.owners
where close_month between $first and $month
group by close_month
