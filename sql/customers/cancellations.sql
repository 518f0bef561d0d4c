-- One row per sale of which nothing was left of the amount by the month's end: the day since when
-- that is so; as of any earlier day the sale still counts (contract 2.1).
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
    join finance.reversed as reversed on reversed.order_id = reversal.order_id
    join extracts.orders as placed
        on placed.order_id = reversal.order_id
        and placed.channel = 'sale'
        and placed.amount > 0
        and placed.amount <= reversed.amount
    where reversal.reversed_on <= $month_end
)

select
    order_id,
    min(reversed_on) as cancelled_on,
from running
where amount_left <= 0
group by order_id
union all
select
    order_id,
    ordered_on as cancelled_on,
from extracts.orders
where channel = 'sale' and amount = 0 and ordered_on <= $month_end
