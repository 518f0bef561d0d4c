-- One row per month: seats that were looked at, and that qualified, now and the month before.
-- grain: the month
select
    count(*) filter (where close_month = $month) as seats,
    count(*) filter (where close_month = $month and qualified) as qualified,
    count(*) filter (where close_month = $before) as seats_before,
    count(*) filter (where close_month = $before and qualified) as qualified_before,
from referral.qualification
where close_month in ($month, $before)
