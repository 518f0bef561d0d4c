-- One row per leader and flagged member that the leader should reach before the deadline, with how
-- to (contract 3, leaders' packs; inactive record notice: reach out to these people).
-- grain: leader_id, member_id
-- keep: this month
-- unprinted: leader_id
select
    listed.leader_id,
    listed.member_id,
    member.name,
    flag.member_type,
    listed.relation,
    listed.level,
    flag.last_activity_on,
    flag.deadline,
    member.email,
    member.phone,
from inactivity.lists as listed
join inactivity.flagged as flag
    on flag.member_id = listed.member_id and flag.close_month = $close_month
join extracts.members as member on member.member_id = listed.member_id
where listed.close_month = $close_month
