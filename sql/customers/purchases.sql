-- One row per customer who had bought from a seller by a day as of which owners are asked: the
-- sales not cancelled by then and the latest of them; net_bv is what is left at the month's end
-- (contract 2.8).
-- grain: customer_email, day
-- keep: this month
select
    sale.customer_email,
    days.day,
    cast(count(*) as integer) as orders,
    cast(sum(sale.bv) - coalesce(sum(reversed.bv), 0) as decimal(18, 2)) as net_bv,
    max(sale.ordered_at) as last_ordered_at,
    max(sale.ordered_on) as last_order_on,
from extracts.orders as sale
join customers.days as days on days.day >= sale.ordered_on
left join finance.reversed as reversed on reversed.order_id = sale.order_id
anti join customers.cancellations as cancelled
    on cancelled.order_id = sale.order_id and cancelled.cancelled_on <= days.day
where sale.channel = 'sale'
group by sale.customer_email, days.day
