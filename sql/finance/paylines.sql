-- One row per member with volume and level above it, up to the policy's pay levels: the ancestor
-- whose payline volume it counts for (contract 2.5).
-- grain: source_id, level
-- keep: this month
select
    member.member_id as source_id,
    cast(1 as integer) as level,
    member.sponsor_id as ancestor_id,
    statement.net_bv as bv,
from extracts.members as member
join finance.statements as statement
    on statement.member_id = member.member_id
    and statement.close_month = $close_month
    and statement.net_bv <> 0
where member.sponsor_id is not null
