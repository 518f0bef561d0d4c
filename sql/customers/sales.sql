-- One row per order that was sold to a customer by the month's end: what is left of it, and since
-- when it is cancelled, if it is: the day on which nothing was left of its amount (contract 2.1).
-- grain: order_id
-- keep: this month
with
running as (
    select
        reversal.order_id,
        reversal.reversed_on,
        placed.amount - sum(reversal.amount) over (
            partition by reversal.order_id
            order by reversal.reversed_on, reversal.reversal_id
            rows between unbounded preceding and current row
        ) as amount_left,
    from extracts.reversals as reversal
    join extracts.orders as placed
        on placed.order_id = reversal.order_id and placed.channel = 'sale'
    where reversal.reversed_on <= $month_end
),

cancelled as (
    select
        order_id,
        min(reversed_on) as cancelled_on,
    from running
    where amount_left <= 0
    group by order_id
)

select
    placed.order_id,
    placed.customer_email,
    placed.seller_id,
    placed.ordered_at,
    placed.ordered_on,
    case when placed.amount = 0 then placed.ordered_on else cancelled.cancelled_on end
        as cancelled_on,
    cast(placed.bv - coalesce(reversed.bv, 0) as decimal(18, 2)) as net_bv,
from extracts.orders as placed
left join cancelled on cancelled.order_id = placed.order_id
left join finance.reversed as reversed on reversed.order_id = placed.order_id
where placed.channel = 'sale' and placed.ordered_on <= $month_end
