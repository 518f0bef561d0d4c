-- One row per month of the trend: customers by how they are owned.
-- grain: close_month
select close_month,
    count(*) filter (where basis = 'purchase') as purchase,
    count(*) filter (where basis = 'subscription') as subscription,
    count(previous_owner_id) as moved
from customers.owners
where close_month between $first and $month
group by close_month
