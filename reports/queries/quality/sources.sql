-- One row per file that a query of the mapping reads.
-- grain: source, file
select source, file, rows, rows - left_out as taken, left_out
from quality.sources
where drop_month = $month
order by source, file
