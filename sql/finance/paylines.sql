-- One row per member and level below it, up to the policy's pay levels: the net BV of all who are
-- exactly so many levels below (contract 2.5).
-- grain: member_id, level
-- keep: this month
select
    member.sponsor_id as member_id,
    cast(1 as integer) as level,
    cast(sum(statement.net_bv) as decimal(38, 2)) as bv,
from extracts.members as member
join finance.statements as statement
    on statement.member_id = member.member_id
    and statement.close_month = $close_month
    and statement.net_bv <> 0
where member.sponsor_id is not null
group by member.sponsor_id
