-- One row per table and code of what was quarantined.
select "table", file, code, count(*) as cells
from quality.quarantine
where drop_month = $month
group by all
order by all
