-- One row per customer who has an owner at the month's end, with the owner of the close before if
-- that was another, and what the customer has bought from sellers so far; of whom nothing is new
-- that close's row still stands (contract 2.8).
-- grain: customer_email
-- columns: customer_email varchar, owner_id varchar, basis varchar, since_on date,
--     previous_owner_id varchar, orders integer, net_bv decimal(38, 2), last_order_on date
-- report: by customer_email
with
previous as (
    select
        customer_email,
        owner_id,
    from customers.owners
    where close_month = $last_subscriptions_month
    union all
    select
        customer_email,
        owner_id,
    from customers.ownerships
    where day < $month_start
),

asked as (
    select
        ownership.customer_email,
        ownership.owner_id,
        ownership.basis,
        ownership.since_on,
        nullif(previous.owner_id, ownership.owner_id) as previous_owner_id,
        cast(coalesce(purchase.orders, 0) as integer) as orders,
        cast(coalesce(purchase.net_bv, 0) as decimal(38, 2)) as net_bv,
        purchase.last_order_on,
    from customers.ownerships as ownership
    left join previous on previous.customer_email = ownership.customer_email
    left join customers.purchases as purchase
        on purchase.customer_email = ownership.customer_email and purchase.day = ownership.day
    where ownership.day = $month_end
)

select
    customer_email,
    owner_id,
    basis,
    since_on,
    previous_owner_id,
    orders,
    net_bv,
    last_order_on,
from asked
union all
select
    owner.customer_email,
    owner.owner_id,
    owner.basis,
    owner.since_on,
    cast(null as varchar) as previous_owner_id,
    owner.orders,
    owner.net_bv,
    owner.last_order_on,
from customers.owners as owner
anti join customers.news as news on news.customer_email = owner.customer_email
where owner.close_month = $last_subscriptions_month
