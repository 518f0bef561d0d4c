-- One row per member with volume and level above it on the compressed line, up to the pay levels:
-- the ancestor whose payline volume it counts for (contract 2.6, effect).
-- grain: source_id, level
-- keep: this month
select
    line.member_id as source_id,
    cast(1 as integer) as level,
    line.sponsor_id as ancestor_id,
    statement.net_bv as bv,
from inactivity.compressed_line as line
join finance.statements as statement
    on statement.member_id = line.member_id
    and statement.close_month = $close_month
    and statement.net_bv <> 0
where line.sponsor_id is not null
