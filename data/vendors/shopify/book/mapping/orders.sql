-- an order is a row an article; the head (status, total, country) stands on its first row only
select
    clean_id(Name) as order_id,
    to_time("Created at", '%Y-%m-%d %H:%M:%S %z') as ordered_at,
    -- the seller's code is the discount code here; an order without one goes into the rotation
    case when blank("Discount Code") is null then 'retail' else 'sale' end as channel,
    blank("Discount Code") as seller_id,
    Email as customer_email,
    blank("Billing Name") as customer_name,
    "Billing Country" as country,
    Total as amount,
    Currency as currency,
    -- what stands for BV is yours to say: here the articles without shipping
    Subtotal as bv,
    source_file, source_line,
from shop
where "Financial Status" in ('paid', 'partially_refunded', 'refunded')
