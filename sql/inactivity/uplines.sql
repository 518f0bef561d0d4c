-- One row per flagged member and ancestor within reach of the leaders' lists, on the line before
-- the compression (contract 2.6).
-- grain: member_id, level
-- keep: this month
select
    member_id,
    cast(1 as integer) as level,
    sponsor_id as ancestor_id,
from inactivity.flagged
where close_month = $close_month and sponsor_id is not null and $list_levels >= 1
