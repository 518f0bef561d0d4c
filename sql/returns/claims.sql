-- One row per product of a RAN requested by the month's end: how much its status lets it take, and
-- how much it and the RANs of its order before it could take together (contract 2.7).
-- grain: ran_id, product_code
-- keep: this month
with
allowed as (
    select
        state.ran_id,
        state.order_id,
        state.requested_on,
        state.remedy,
        line.product_code,
        line.quantity_authorised as authorised,
        line.quantity_received as received,
        case state.remedy
            when 'refund' then least(line.quantity_authorised, line.quantity_received)
            when 'replacement' then line.quantity_authorised
            else 0
        end as quantity,
    from returns.statuses as state
    join extracts.return_lines as line on line.ran_id = state.ran_id
    where state.close_month = $close_month
)

select
    ran_id,
    order_id,
    requested_on,
    remedy,
    product_code,
    authorised,
    received,
    cast(quantity as bigint) as quantity,
    cast(sum(quantity) over (
        partition by order_id, product_code
        order by requested_on, ran_id
        rows between unbounded preceding and current row
    ) as bigint) as quantity_so_far,
from allowed
