-- One row per customer of whom something is new since the last close of this programme: a sale, or
-- what was taken back of one. Who has a subscription, or was somebody's by one at that close, is
-- asked about each time; of all others that close's row in customers.owners still stands (contract
-- 2.8). What is dated before the opening month never posts: it is new in the month it was loaded.
-- grain: customer_email
-- keep: this month
-- earlier months of: customers.owners
with
sales as (
    select
        order_id,
        customer_email,
        $last_subscriptions_month is null
        or coalesce(posting_month, drop_month) > $last_subscriptions_month as is_new,
    from extracts.orders
    where channel = 'sale'
),

taken_back as (
    select order_id
    from extracts.reversals
    where coalesce(posting_month, drop_month) > $last_subscriptions_month
),

told as (
    select customer_email
    from sales
    where is_new
    union all
    select sales.customer_email
    from sales
    semi join taken_back on taken_back.order_id = sales.order_id
    union all
    select customer_email
    from extracts.subscriptions
    union all
    select customer_email
    from customers.owners
    where close_month = $last_subscriptions_month and basis = 'subscription'
)

select customer_email
from told
group by customer_email
