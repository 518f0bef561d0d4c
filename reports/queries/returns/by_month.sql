-- One row per month of the trend: returns newly accepted, refused and void.
-- grain: close_month
select close_month,
    count(*) filter (where status = 'accepted') as accepted,
    count(*) filter (where status = 'refused') as refused,
    count(*) filter (where status = 'void') as void
from returns.decisions
where close_month between $first and $month and listed_for = 'changed'
group by close_month
