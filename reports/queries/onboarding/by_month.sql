-- One row per month of the trend: accounts registered, invested and in need of help.
-- grain: close_month
select close_month, sum(registered) as registered, sum(invested) as invested,
    sum(need_help) as need_help
from onboarding.funnel
where close_month between $first and $month
group by close_month
