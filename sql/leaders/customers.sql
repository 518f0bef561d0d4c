-- One row per customer with an owner: the month's owners, for the owner's own pack, whether the
-- customer is new to the owner or has not ordered for long, and, of who bought from the owner last,
-- how to reach them: as that day's orders say. What somebody told another seller is not passed on
-- (contract 3, leaders' packs).
-- grain: customer_email
-- keep: this month
-- unprinted: leader_id, attention, customer_name, customer_phone
with
owners as (
    select
        customer_email,
        owner_id,
        basis,
        since_on,
        previous_owner_id,
        orders,
        net_bv,
        last_order_on,
    from customers.owners
    where close_month = $close_month
),

reached as (
    select
        sale.customer_email,
        max(sale.customer_name) as customer_name,
        max(sale.customer_phone) as customer_phone,
    from extracts.orders as sale
    join owners
        on owners.customer_email = sale.customer_email
        and owners.last_order_on = sale.ordered_on
        and owners.owner_id = sale.seller_id
    where sale.channel = 'sale'
    group by sale.customer_email
)

select
    owners.owner_id as leader_id,
    owners.customer_email,
    owners.owner_id,
    owners.basis,
    owners.since_on,
    owners.previous_owner_id,
    owners.orders,
    owners.net_bv,
    owners.last_order_on,
    case
        when
            owners.previous_owner_id is not null
            or (
                owners.since_on >= $month_start
                and (owners.basis = 'subscription' or owners.orders = 1)
            )
            then 'new'
        when owners.last_order_on < cast($month_end - $retained_days * interval 1 day as date)
            then 'lapsed'
    end as attention,
    reached.customer_name,
    reached.customer_phone,
from owners
left join reached on reached.customer_email = owners.customer_email
