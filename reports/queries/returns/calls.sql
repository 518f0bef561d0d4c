-- One row per kind of follow-up call, in the order in which a customer hears of them.
-- grain: task
select task, count(*) as calls, count(distinct representative_id) as representatives,
    count(*) filter (where due_to <= $month_end) as in_month,
    count(*) filter (where due_to > $month_end) as later
from returns.follow_ups
where close_month = $month
group by task
order by list_position(['contact', 'arrival', 'check_in'], task)
