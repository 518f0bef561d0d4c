-- One row per member removed by this close.
-- grain: member_id
select member_id, member_type, country, sponsor_id, last_activity_on, flagged_on, deadline
from inactivity.removed
where close_month = $month
order by member_id
