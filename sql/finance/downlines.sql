-- One row per member of the snapshot: its group volume so far, and the ancestor that it has been
-- added up to; at first its own volume and its sponsor (contract 2.5).
-- grain: member_id
-- keep: this month
select
    member.member_id,
    member.sponsor_id as ancestor_id,
    cast(coalesce(statement.net_bv, 0) as decimal(18, 2)) as group_bv,
from extracts.members as member
left join finance.statements as statement
    on statement.member_id = member.member_id and statement.close_month = $close_month
