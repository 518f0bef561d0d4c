-- One row per flagged member, the nearest deadline first.
-- grain: member_id
select member_id, member_type, country, last_activity_on, flagged_on, notice_on, deadline,
    new
from inactivity.flagged
where close_month = $month
order by deadline, member_id
