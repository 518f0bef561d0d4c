-- One row per month of the trend: rows quarantined.
-- grain: drop_month
select drop_month, sum(quarantined) as quarantined
from quality.loads
where drop_month between $first and $month
group by drop_month
