select
    clean_id(Name) as order_id,
    to_time("Created at", '%Y-%m-%d %H:%M:%S %z') as ordered_at,
    'sale' as channel,
    blank("Discount Code") as seller_id,
    Email as customer_email,
    blank("Billing Name") as customer_name,
    "Billing Country" as country,
    Total as amount,
    Currency as currency,
    Subtotal as bv,
    source_file, source_line,
from shop
where "Financial Status" in ('paid', 'partially_refunded', 'refunded')
order by source_line
