-- One row per month of the trend: seats that qualified.
-- grain: close_month
select close_month, count(*) filter (where qualified) as qualified
from referral.qualification
where close_month between $first and $month
group by close_month
