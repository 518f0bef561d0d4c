-- One row per table and code of what was quarantined.
-- grain: table, code
select "table", file, code, count(*) as cells
from quality.quarantine
where drop_month = $month
group by all
order by all
