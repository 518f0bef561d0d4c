-- One row per file of the drop.
-- grain: table
select "table", file, rows, loaded, known_already, quarantined,
    quarantined as bar
from quality.loads
where drop_month = $month
order by "table"
