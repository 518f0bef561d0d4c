-- One row per code: entries, and the rows that they are of.
-- grain: code
select code, count(*) as entries, count(distinct ("table", line)) as rows
from quality.quarantine
where drop_month = $month
group by code
