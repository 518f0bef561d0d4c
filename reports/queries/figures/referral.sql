-- One row per main figure of the referral page and month of the trend.
-- grain: figure, month
select 'qualified' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from referral.qualification
where close_month between $first and $month and qualified
group by close_month
union all
select 'assigned' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from referral.assignments
where close_month between $first and $month and outcome = 'assigned'
group by close_month
union all
select 'unassigned' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from referral.assignments
where close_month between $first and $month and outcome <> 'assigned'
group by close_month
union all
select 'leads' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from referral.leads
where close_month between $first and $month and outcome = 'assigned'
group by close_month
