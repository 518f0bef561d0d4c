with paid as (
    select distinct Name from shop
    where "Financial Status" in ('paid', 'partially_refunded', 'refunded')
)
select
    clean_id(shop.Name) as order_id,
    row_number() over (partition by shop.Name order by source_line) as line_no,
    -- an article without an article number is known by its name
    left(clean_id(coalesce(blank("Lineitem sku"), "Lineitem name")), 32) as product_code,
    "Lineitem quantity" as quantity,
    cast("Lineitem quantity" as integer) * cast("Lineitem price" as decimal(18, 2)) as amount,
    cast("Lineitem quantity" as integer) * cast("Lineitem price" as decimal(18, 2)) as bv,
    source_file, source_line,
from shop join paid on paid.Name = shop.Name
