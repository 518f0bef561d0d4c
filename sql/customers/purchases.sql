-- One row per customer with news who had bought from a seller by a day as of which owners are
-- asked: the sales not cancelled by then and the latest of them; net_bv is what is left at the
-- month's end (contract 2.8).
-- grain: customer_email, day
-- keep: this month
with
cancelled as (
    select
        cancellation.order_id,
        days.day,
    from customers.cancellations as cancellation
    join customers.days as days on days.day >= cancellation.cancelled_on
),

-- Sales meet what is small first: all of history is read past it and never held.
standing as (
    select
        sale.order_id,
        sale.customer_email,
        days.day,
        sale.ordered_at,
        sale.ordered_on,
        sale.bv,
    from extracts.orders as sale
    cross join customers.days as days
    semi join customers.news as news on news.customer_email = sale.customer_email
    anti join cancelled on cancelled.order_id = sale.order_id and cancelled.day = days.day
    where sale.channel = 'sale' and sale.ordered_on <= days.day
),

taken_back as (
    select
        standing.customer_email,
        standing.day,
        sum(reversed.bv) as bv,
    from finance.reversed as reversed
    join standing on standing.order_id = reversed.order_id
    group by standing.customer_email, standing.day
),

bought as (
    select
        customer_email,
        day,
        count(*) as orders,
        sum(bv) as bv,
        max(ordered_at) as last_ordered_at,
        max(ordered_on) as last_order_on,
    from standing
    group by customer_email, day
)

select
    bought.customer_email,
    bought.day,
    cast(bought.orders as integer) as orders,
    cast(bought.bv - coalesce(taken_back.bv, 0) as decimal(38, 2)) as net_bv,
    bought.last_ordered_at,
    bought.last_order_on,
from bought
left join taken_back
    on taken_back.customer_email = bought.customer_email and taken_back.day = bought.day
