-- Of no product of an order more may be accepted than was ordered (contract 2.7).
with
accepted as (
    select
        order_id,
        product_code,
        sum(accepted) as quantity,
    from returns.acceptances
    group by order_id, product_code
),

ordered as (
    select
        line.order_id,
        line.product_code,
        sum(line.quantity) as quantity,
    from extracts.order_lines as line
    semi join extracts.returns as authorised on authorised.order_id = line.order_id
    group by line.order_id, line.product_code
)

select
    accepted.order_id,
    accepted.product_code,
    accepted.quantity as accepted,
    ordered.quantity as ordered,
from accepted
left join ordered
    on ordered.order_id = accepted.order_id and ordered.product_code = accepted.product_code
where accepted.quantity > coalesce(ordered.quantity, 0)
