-- One row per leader and flagged member that it should hear of: as its enroller, or from further
-- up the line; nobody who is gone gets a list (contract 2.6).
-- grain: leader_id, member_id
-- report: by leader_id, member_id
with
leaders as (
    select
        member.member_id,
        ranking.level as rank_level,
    from extracts.members as member
    join book.ranks as ranking on ranking.rank = member.rank
    anti join inactivity.gone as gone on gone.member_id = member.member_id
    where member.member_type = 'associate'
),

relations as (
    select
        leader.member_id as leader_id,
        flag.member_id,
        'enroller' as relation,
    from inactivity.flagged as flag
    join leaders as leader
        on leader.member_id = flag.enroller_id and leader.member_id <> flag.member_id
    where flag.close_month = $close_month
    union all
    select
        leader.member_id as leader_id,
        upline.member_id,
        'upline' as relation,
    from inactivity.uplines as upline
    join leaders as leader
        on leader.member_id = upline.ancestor_id and leader.rank_level >= $leader_rank_level
)

select
    relation.leader_id,
    relation.member_id,
    relation.relation,
    upline.level,
from relations as relation
left join inactivity.uplines as upline
    on upline.member_id = relation.member_id and upline.ancestor_id = relation.leader_id
qualify row_number() over (
    partition by relation.leader_id, relation.member_id
    order by relation.relation
) = 1
