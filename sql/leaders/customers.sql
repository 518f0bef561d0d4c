-- One row per customer with an owner: the month's owners, for the owner's own pack, and whether
-- the customer is new to the owner or has not ordered for long (contract 3, leaders' packs).
-- grain: customer_email
-- keep: this month
-- unprinted: leader_id, attention
select
    owner_id as leader_id,
    customer_email,
    owner_id,
    basis,
    since_on,
    previous_owner_id,
    orders,
    net_bv,
    last_order_on,
    case
        when
            previous_owner_id is not null
            or (since_on >= $month_start and (basis = 'subscription' or orders = 1))
            then 'new'
        when last_order_on < cast($month_end - $retained_days * interval 1 day as date)
            then 'lapsed'
    end as attention,
from customers.owners
where close_month = $close_month
