-- One row per kind of recipient, language and date of notices.
-- grain: role, language, notice_on
select role, coalesce(language, 'unknown') as language, notice_on, count(*) as notices,
    count(*) filter (where email is null) as mute
from inactivity.notices
where close_month = $month
group by all
order by notice_on, role, language
