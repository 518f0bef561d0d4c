-- One row per month of the trend: retail orders with and without a leader.
-- grain: close_month
select close_month,
    count(*) filter (where outcome = 'assigned') as assigned,
    count(*) filter (where outcome <> 'assigned') as unassigned
from referral.assignments
where close_month between $first and $month
group by close_month
