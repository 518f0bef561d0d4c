-- One row per member that is not gone: its sponsor after the compression (contract 2.6).
-- grain: member_id
-- keep: this month
select
    member.member_id,
    member.member_type,
    case
        when moved.member_id is null then member.sponsor_id else moved.new_sponsor_id
    end as sponsor_id,
from extracts.members as member
left join inactivity.compression as moved
    on moved.member_id = member.member_id and moved.close_month = $close_month
anti join inactivity.gone as gone on gone.member_id = member.member_id
