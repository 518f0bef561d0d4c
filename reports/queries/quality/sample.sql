-- One row per quarantined entry of a code; raw text only of tables that name nobody.
-- grain: table, file, line, column
select "table", file, line, key, "column",
    case when "table" not in (select unnest($personal)) then raw[1:$characters] end as raw
from quality.quarantine
where drop_month = $month and code = $code
order by "table", file, line, "column" nulls first
