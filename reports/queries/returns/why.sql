-- One row per reason why returns were newly not accepted.
-- grain: status, status_reason
select status, status_reason, count(*) as returns, count(*) as bar
from returns.decisions
where close_month = $month and status_reason is not null and listed_for = 'changed'
group by status, status_reason
order by returns desc, status, status_reason
