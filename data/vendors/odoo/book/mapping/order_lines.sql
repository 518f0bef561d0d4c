select
    "order_line/order_id/name" as order_id,
    row_number() over (partition by "order_line/order_id/name" order by source_line) as line_no,
    regexp_extract("order_line/name", '^\[([^]]*)\]', 1) as product_code,
    -- metres and kilos are no pieces: a part of one counts as one
    ceil(cast("order_line/product_uom_qty" as decimal(18, 3))) as quantity,
    "order_line/price_subtotal" as amount,
    "order_line/price_subtotal" as bv,
    source_file, source_line,
from so
where "order_line/order_id/state" in ('Sales Order', 'Sale Order')
