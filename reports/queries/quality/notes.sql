-- One row per note on the drop.
select "table", note
from quality.notes
where drop_month = $month
order by "table", note
