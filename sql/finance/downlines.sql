-- One row per member who sponsors somebody in the snapshot: its group volume so far, and the
-- ancestor that it has been added up to; at first its own volume with that of those directly below
-- it who sponsor nobody, and its sponsor (contract 2.5). Who sponsors nobody has no downline to add
-- up, and they are most of a snapshot.
-- grain: member_id
-- keep: this month
with
sponsors as (
    select sponsor_id as member_id
    from extracts.members
    where sponsor_id is not null
    group by sponsor_id
),

last_in_line as (
    select
        member.sponsor_id as member_id,
        sum(statement.net_bv) as net_bv,
    from extracts.members as member
    join finance.statements as statement
        on statement.member_id = member.member_id and statement.close_month = $close_month
    anti join sponsors on sponsors.member_id = member.member_id
    where member.sponsor_id is not null
    group by member.sponsor_id
)

select
    member.member_id,
    member.sponsor_id as ancestor_id,
    cast(
        coalesce(statement.net_bv, 0) + coalesce(last_in_line.net_bv, 0) as decimal(38, 2)
    ) as group_bv,
from extracts.members as member
semi join sponsors on sponsors.member_id = member.member_id
left join finance.statements as statement
    on statement.member_id = member.member_id and statement.close_month = $close_month
left join last_in_line on last_in_line.member_id = member.member_id
