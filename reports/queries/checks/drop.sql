-- One row per month: the drop's files and rows, and notes on them.
-- grain: the month
select
    count(*) as files,
    coalesce(sum(rows), 0) as rows,
    (select count(*) from quality.notes where drop_month = $month) as notes,
from quality.loads
where drop_month = $month
