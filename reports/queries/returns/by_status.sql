-- One row per reason of returns that have another status than at the last close: how many which.
-- grain: reason
select reason, count(*) as returns,
    count(*) filter (where status = 'accepted') as accepted,
    count(*) filter (where status = 'requested') as requested,
    count(*) filter (where status = 'awaiting_goods') as awaiting_goods,
    count(*) filter (where status = 'refused') as refused,
    count(*) filter (where status = 'void') as void
from returns.decisions
where close_month = $month and listed_for = 'changed'
group by reason
order by reason
