-- one order a row, its articles beside each other; customer_id is the member's id
select
    order_number as order_id,
    order_date as ordered_at,
    'member' as channel,
    customer_id as buyer_id,
    billing_country as country,
    order_total as amount,
    order_currency as currency,
    order_subtotal as bv,
    source_file, source_line,
from woo
where status in ('completed', 'processing')
