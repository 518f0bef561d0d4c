-- One row per main figure of the onboarding page and month of the trend.
-- grain: figure, month
select 'accounts' as figure, close_month as month,
    cast(sum(registered) as decimal(38, 2)) as value
from onboarding.funnel
where close_month between $first and $month
group by close_month
union all
select 'need_help' as figure, close_month as month,
    cast(sum(need_help) as decimal(38, 2)) as value
from onboarding.funnel
where close_month between $first and $month
group by close_month
