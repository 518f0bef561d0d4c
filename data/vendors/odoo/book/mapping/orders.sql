-- a row a line; Odoo exports times in UTC, as mapping.toml says; the partner's reference is the member
select
    "order_line/order_id/name" as order_id,
    to_time(any_value("order_line/order_id/date_order"), '%m/%d/%Y %H:%M') as ordered_at,
    'member' as channel,
    any_value("order_line/order_id/partner_id/ref") as buyer_id,
    any_value("order_line/order_id/partner_id/country_id/code") as country,
    sum(cast("order_line/price_subtotal" as decimal(18, 2))) as amount,
    'EUR' as currency,
    sum(cast("order_line/price_subtotal" as decimal(18, 2))) as bv,
    min_by(source_file, source_line) as source_file,
    min(source_line) as source_line,
from so
where "order_line/order_id/state" in ('Sales Order', 'Sale Order')
group by 1
