-- Of no product of an order more money or BV may be due than its lines had (contract 2.7).
with
due as (
    select
        line.order_id,
        line.product_code,
        sum(due.refund_due) as refund_due,
        sum(due.bv_due) as bv_due,
    from returns.dues as due
    join returns.acceptances as line
        on line.ran_id = due.ran_id and line.product_code = due.product_code
    group by line.order_id, line.product_code
)

select
    due.order_id,
    due.product_code,
    due.refund_due,
    ordered.amount,
    due.bv_due,
    ordered.bv,
from due
join returns.ordered as ordered
    on ordered.order_id = due.order_id and ordered.product_code = due.product_code
where due.refund_due > ordered.amount or due.bv_due > ordered.bv
