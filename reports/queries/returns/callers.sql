-- One row per representative with calls due, the most first.
-- grain: representative_id
select representative_id, count(*) as calls, count(*) as bar, min(due_to) as first_due
from returns.follow_ups
where close_month = $month
group by representative_id
order by calls desc, representative_id
