-- One row per product of an order that has a RAN: how much of it was ordered in all, for how much
-- money and BV (contract 2.7).
-- grain: order_id, product_code
-- keep: this month
select
    line.order_id,
    line.product_code,
    cast(sum(line.quantity) as bigint) as quantity,
    cast(sum(line.amount) as decimal(38, 2)) as amount,
    cast(sum(line.bv) as decimal(38, 2)) as bv,
from extracts.order_lines as line
semi join extracts.returns as authorised on authorised.order_id = line.order_id
group by line.order_id, line.product_code
