-- One row per outcome of leads.
-- grain: outcome
select outcome, count(*) as leads, count(delegate_id) as delegated
from referral.leads
where close_month = $month
group by outcome
order by outcome
