-- One row per column and code of what was quarantined, the most first.
-- grain: table, cell, code
select "table", coalesce("column", 'the whole row') as cell, code, count(*) as entries,
    count(*) as bar, min(line) as first_line
from quality.quarantine
where drop_month = $month
group by "table", cell, code
order by entries desc, "table", cell, code
