-- One row per main figure of the inactivity page and month of the trend.
-- grain: figure, month
select 'flagged' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from inactivity.flagged
where close_month between $first and $month
group by close_month
union all
select 'removed' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from inactivity.removed
where close_month between $first and $month
group by close_month
union all
select 'still_present' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from inactivity.still_present
where close_month between $first and $month
group by close_month
