-- One row per month: customers and their owners in all.
-- grain: the month
select
    count(*) as customers,
    count(*) filter (where basis = 'subscription') as by_subscription,
    count(previous_owner_id) as moved,
    count(distinct owner_id) as owners,
    coalesce(sum(net_bv), 0) as net_bv,
    (select coalesce(sum(retained), 0) from customers.value where close_month = $month)
        as retained,
    (select coalesce(sum(repeat_customers), 0) from customers.value
        where close_month = $month) as repeated,
from customers.owners
where close_month = $month
