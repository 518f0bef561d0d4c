select "order_line/order_id/name" as order_id,
    to_time(any_value("order_line/order_id/date_order"), '%m/%d/%Y %H:%M') as ordered_at,
    'retail' as channel, 'info@acme.example' as customer_email, 'NL' as country, 'EUR' as currency,
    sum(cast("order_line/price_subtotal" as decimal(18, 2))) as amount,
    sum(cast("order_line/price_subtotal" as decimal(18, 2))) as bv,
    min_by(source_file, source_line) as source_file, min(source_line) as source_line
from so where "order_line/order_id/state" = 'Sale Order'
group by 1
