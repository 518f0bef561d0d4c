-- One row per month: seats that were looked at, and that qualified.
-- grain: the month
select count(*) as seats, count(*) filter (where qualified) as qualified
from referral.qualification
where close_month = $month
