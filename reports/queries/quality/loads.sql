-- One row per file of the drop.
select "table", file, rows, loaded, known_already, quarantined,
    quarantined as bar
from quality.loads
where drop_month = $month
order by "table"
