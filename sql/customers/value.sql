-- One row per owner: how many customers, how many of them came back or bought lately, and what all
-- of them have bought from sellers so far (contract 3; article on adding customers).
-- grain: owner_id
-- report: by owner_id
select
    owner_id,
    cast(count(*) as integer) as customers,
    cast(count(*) filter (where orders >= 2) as integer) as repeat_customers,
    cast(
        count(*) filter (
            where last_order_on >= cast($month_end - $retained_days * interval 1 day as date)
        )
        as integer
    ) as retained,
    cast(sum(orders) as integer) as orders,
    cast(sum(net_bv) as decimal(38, 2)) as net_bv,
from customers.owners
where close_month = $close_month
group by owner_id
