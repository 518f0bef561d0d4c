-- Of no product of an order more may be accepted than was ordered (contract 2.7).
with
accepted as (
    select
        order_id,
        product_code,
        sum(accepted) as quantity,
    from returns.acceptances
    group by order_id, product_code
)

select
    accepted.order_id,
    accepted.product_code,
    accepted.quantity as accepted,
    ordered.quantity as ordered,
from accepted
left join returns.ordered as ordered
    on ordered.order_id = accepted.order_id and ordered.product_code = accepted.product_code
where accepted.quantity > coalesce(ordered.quantity, 0)
