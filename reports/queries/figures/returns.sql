-- One row per main figure of the returns page and month of the trend.
-- grain: figure, month
select 'returns_new' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from returns.decisions
where close_month between $first and $month and listed_for = 'changed'
group by close_month
union all
select 'returns_open' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from returns.decisions
where close_month between $first and $month and status in ('requested', 'awaiting_goods')
group by close_month
union all
select 'differences' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from returns.decisions
where close_month between $first and $month and difference <> 0
group by close_month
union all
select 'unmatched' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from returns.unmatched
where close_month between $first and $month
group by close_month
union all
select 'follow_ups' as figure, close_month as month,
    cast(count(*) as decimal(38, 2)) as value
from returns.follow_ups
where close_month between $first and $month
group by close_month
