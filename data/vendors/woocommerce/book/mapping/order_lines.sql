-- an export with more articles a row has more of these columns: add a select for each
with items as (
    select order_number, status, 1 as line_no, "Product Item 1 SKU" as sku,
        "Product Item 1 Quantity" as quantity, "Product Item 1 Total" as total,
        source_file, source_line,
    from woo
    union all
    select order_number, status, 2, "Product Item 2 SKU",
        "Product Item 2 Quantity", "Product Item 2 Total",
        source_file, source_line,
    from woo
)
select
    order_number as order_id,
    line_no,
    sku as product_code,
    quantity,
    total as amount,
    total as bv,
    source_file, source_line,
from items
where sku is not null and status in ('completed', 'processing')
order by source_line, line_no
