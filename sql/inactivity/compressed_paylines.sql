-- One row per member of the compressed line and level below it, up to the policy's pay levels: the
-- net BV of all who are exactly so many levels below (contract 2.6, effect).
-- grain: member_id, level
-- keep: this month
select
    line.sponsor_id as member_id,
    cast(1 as integer) as level,
    cast(sum(statement.net_bv) as decimal(38, 2)) as bv,
from inactivity.compressed_line as line
join finance.statements as statement
    on statement.member_id = line.member_id
    and statement.close_month = $close_month
    and statement.net_bv <> 0
where line.sponsor_id is not null
group by line.sponsor_id
