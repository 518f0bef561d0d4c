-- One row per member that an earlier close removed and that stands in the snapshot again without
-- any activity since (contract 2.6).
-- grain: member_id
-- report: by member_id
select
    removal.member_id,
    removal.removed_in,
from inactivity.removals as removal
join extracts.members as member on member.member_id = removal.member_id
where removal.close_month = $close_month and not removal.is_spent
