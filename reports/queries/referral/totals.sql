-- One row per month: seats and retail orders in all.
-- grain: the month
select
    (select count(*) from referral.qualification where close_month = $month) as seats,
    (select count(*) from referral.qualification where close_month = $month and qualified)
        as qualified,
    count(*) as orders,
    count(*) filter (where outcome = 'assigned') as assigned,
    coalesce(sum(bv) filter (where outcome = 'assigned'), 0) as assigned_bv,
from referral.assignments
where close_month = $month
