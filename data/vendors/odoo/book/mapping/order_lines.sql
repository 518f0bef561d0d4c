select "order_line/order_id/name" as order_id,
    row_number() over (partition by order_id order by source_line) as line_no,
    regexp_extract("order_line/name", '\[([^]]*)\]', 1) as product_code,
    ceil(cast("order_line/product_uom_qty" as decimal(18, 3))) as quantity,
    "order_line/price_subtotal" as amount, "order_line/price_subtotal" as bv,
    source_file, source_line
from so
