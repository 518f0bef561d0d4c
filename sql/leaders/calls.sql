-- One row per call that a leader owes somebody by a day: the month's follow-ups of one customer
-- that are due on one day are one call, to be made once all of them may be. A first contact that
-- stands with the retail orders that came to the leader is no second one (contract 3, leaders'
-- packs).
-- grain: leader_id, customer_email, due_to
-- keep: this month
with
asked as (
    select
        task.leader_id,
        task.customer_email,
        task.due_to,
        task.order_id,
        max(task.due_from) as due_from,
        max(task.customer_name) as customer_name,
        max(task.customer_phone) as customer_phone,
        max(case when task.task = 'contact' then ';contact' else '' end) as contact,
        max(case when task.task = 'arrival' then ';arrival' else '' end) as arrival,
        max(case when task.task = 'check_in' then ';check_in' else '' end) as check_in,
    from leaders.follow_ups as task
    left join leaders.referrals as came
        on came.order_id = task.order_id and came.leader_id = task.leader_id
    where task.task <> 'contact' or came.order_id is null
    group by task.leader_id, task.customer_email, task.due_to, task.order_id
)

select
    leader_id,
    customer_email,
    due_to,
    max(due_from) as due_from,
    max(customer_name) as customer_name,
    max(customer_phone) as customer_phone,
    substr(concat(max(contact), max(arrival), max(check_in)), 2) as tasks,
    string_agg(order_id, ', ' order by order_id) as orders,
    due_to <= $month_end as is_past,
from asked
group by leader_id, customer_email, due_to
