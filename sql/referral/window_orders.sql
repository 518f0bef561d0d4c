-- One row per member order of the qualification window, with what is left of its BV at the
-- window's end (contract 2.1 and 2.2).
-- grain: order_id
-- keep: this month
with
reversed_in_time as (
    select
        reversal.order_id,
        sum(reversal.bv) as bv,
    from extracts.reversals as reversal
    join book.windows as span
        on span.month = $close_month and reversal.reversed_on <= span.qualification_end
    group by reversal.order_id
)

select
    placed.order_id,
    placed.buyer_id,
    cast(placed.bv - coalesce(reversed_in_time.bv, 0) as decimal(18, 2)) as net_bv,
from extracts.orders as placed
join book.windows as span
    on span.month = $close_month
    and placed.ordered_on >= span.qualification_start
    and placed.ordered_on <= span.qualification_end
left join reversed_in_time on reversed_in_time.order_id = placed.order_id
where placed.channel = 'member'
