-- One row per member whose sponsor is gone: the nearest ancestor that is not becomes its sponsor,
-- or it becomes a root (contract 2.6; inactive record notice: the next active position).
-- grain: member_id
-- report: by member_id
select
    member.member_id,
    member.sponsor_id as old_sponsor_id,
    sponsor.next_id as new_sponsor_id,
    sponsor.levels_up,
from extracts.members as member
join inactivity.gone as sponsor on sponsor.member_id = member.sponsor_id
anti join inactivity.gone as own on own.member_id = member.member_id
