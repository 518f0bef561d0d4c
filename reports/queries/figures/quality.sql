-- One row per main figure of the quality page and month of the trend.
-- grain: figure, month
select 'rows' as figure, drop_month as month,
    cast(sum(rows) as decimal(38, 2)) as value
from quality.loads
where drop_month between $first and $month
group by drop_month
union all
select 'quarantined' as figure, drop_month as month,
    cast(sum(quarantined) as decimal(38, 2)) as value
from quality.loads
where drop_month between $first and $month
group by drop_month
