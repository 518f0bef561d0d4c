-- One row per inactive member: in the snapshot, not exempt, not still present after a removal,
-- and without activity for the policy's months (contract 2.6; inactive record notice).
-- grain: member_id
-- keep: this month
select
    member.member_id,
    member.member_type,
    member.country,
    member.sponsor_id,
    member.enroller_id,
    activity.last_activity_on,
from extracts.members as member
join inactivity.last_activity as activity on activity.member_id = member.member_id
anti join book.exempt_members as exempt on exempt.member_id = member.member_id
anti join inactivity.still_present as present
    on present.member_id = member.member_id and present.close_month = $close_month
where activity.last_activity_on < cast($close_day - $months * interval 1 month as date)
