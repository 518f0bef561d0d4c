-- One row per reason and country of retail orders without a leader.
-- grain: outcome, country
select outcome, country, count(*) as orders, sum(bv) as bv, sum(bv) as bar
from referral.assignments
where close_month = $month and outcome <> 'assigned'
group by outcome, country
order by outcome, bv desc, country
