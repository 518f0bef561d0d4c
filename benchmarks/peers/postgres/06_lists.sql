-- Section 6: who hears of a flagged member, and the notices.
create temporary table lists on commit drop as
with recursive above as (
    select flags.member_id, members.sponsor_id as leader_id, 1 as level
    from flags
    join members using (member_id)
    cross join policy
    where members.sponsor_id is not null and list_levels >= 1
    union all
    select above.member_id, members.sponsor_id, level + 1
    from above
    join members on members.member_id = above.leader_id
    cross join policy
    where members.sponsor_id is not null and level < list_levels
),
told as (
    select enroller.member_id as leader_id, flags.member_id, 'enroller' as relation
    from flags
    join members using (member_id)
    join members as enroller on enroller.member_id = members.enroller_id
    where enroller.member_type = 'associate' and enroller.member_id <> members.member_id
    union all
    select above.leader_id, above.member_id, 'upline'
    from above
    join members on members.member_id = above.leader_id
    join policy on members.rank >= policy.leader_rank
    where members.member_type = 'associate'
)
select told.leader_id, told.member_id, min(told.relation) as relation, above.level
from told
left join above using (leader_id, member_id)
where told.leader_id not in (select member_id from gone)
group by told.leader_id, told.member_id, above.level;

create temporary table notices on commit drop as
select
    flags.member_id, recipient.member_id as recipient_id, role, recipient.language,
    recipient.email, notice_on, deadline
from flags
join members using (member_id)
cross join lateral (
    values ('holder', members.member_id), ('enroller', members.enroller_id)
) as told (role, recipient_id)
join members as recipient on recipient.member_id = told.recipient_id
where
    flags.is_new
    and (
        role = 'holder'
        or (
            recipient.member_id <> flags.member_id
            and recipient.member_id not in (select member_id from gone)
        )
    );
