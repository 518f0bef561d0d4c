select
    "Transaction ID" as order_id,
    row_number() over (partition by "Transaction ID" order by source_line) as line_no,
    left(clean_id(coalesce(blank(SKU), Item)), 32) as product_code,
    cast(cast(Qty as decimal(18, 3)) as integer) as quantity,
    to_number(replace("Net Sales", '€', ''), '.', ',') as amount,
    to_number(replace("Net Sales", '€', ''), '.', ',') as bv,
    source_file, source_line,
from items
where "Event Type" = 'Payment'
