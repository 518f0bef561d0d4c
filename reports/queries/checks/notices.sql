-- One row per month: notices, and those to somebody without an e-mail.
-- grain: the month
select count(*) as notices, count(*) filter (where email is null) as mute
from inactivity.notices
where close_month = $month
