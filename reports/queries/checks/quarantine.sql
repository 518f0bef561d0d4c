-- One row per table with quarantined rows, the greatest share first.
-- grain: table
select "table", rows, quarantined
from quality.loads
where drop_month = $month and quarantined > 0
order by quarantined * 1000000 // rows desc, "table"
