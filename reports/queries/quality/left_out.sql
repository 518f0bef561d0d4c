-- One row per condition that rows of a file, which are in no table, do not meet.
-- grain: source, file, table, condition
select source, file, "table", condition, rows
from quality.left_out
where drop_month = $month
order by source, file, "table", rows desc, condition
