-- One row per member removed by this close: flagged by the close of the month before, its deadline
-- past, and inactive still (contract 2.6).
-- grain: member_id
-- columns: member_id varchar, member_type varchar, country varchar,
--     sponsor_id varchar, enroller_id varchar, last_activity_on date, flagged_on date,
--     deadline date
-- report: by member_id
-- earlier months of: inactivity.flagged
select
    inactive.member_id,
    inactive.member_type,
    inactive.country,
    inactive.sponsor_id,
    inactive.enroller_id,
    inactive.last_activity_on,
    flag.flagged_on,
    flag.deadline,
from inactivity.inactive as inactive
join inactivity.flagged as flag
    on flag.member_id = inactive.member_id
    and flag.close_month = $previous_month
    and flag.deadline <= $month_end
