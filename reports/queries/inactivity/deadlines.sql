-- One row per deadline, country and notice date of flagged members.
-- grain: deadline, country, notice_on
select deadline, country, notice_on, count(*) as members,
    count(*) filter (where new) as new_flags, count(*) as bar
from inactivity.flagged
where close_month = $month
group by deadline, country, notice_on
order by deadline, country, notice_on
