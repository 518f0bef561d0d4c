-- One row per note on the drop.
-- grain: table, note
select "table", note
from quality.notes
where drop_month = $month
order by "table", note
