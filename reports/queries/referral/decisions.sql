-- One row per decision on reassignments.
-- grain: decision
select decision, count(*) as requests, sum(bv) as bv
from referral.reassignments
where close_month = $month
group by decision
order by decision
