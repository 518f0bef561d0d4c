-- a transaction is a row an article; the device says who sold, the reference is the buyer's e-mail
select
    "Transaction ID" as order_id,
    min(Date || 'T' || Time) as ordered_at,
    'sale' as channel,
    any_value(coalesce(sellers.member_id, "Device Name")) as seller_id,
    any_value("Customer Reference ID") as customer_email,
    any_value("Customer Name") as customer_name,
    'NL' as country,
    -- €1,030.00: the sign is taken away, the comma parts thousands
    sum(cast(to_number(replace("Net Sales", '€', ''), '.', ',') as decimal(18, 2))) as amount,
    'EUR' as currency,
    sum(cast(to_number(replace("Net Sales", '€', ''), '.', ',') as decimal(18, 2))) as bv,
    min_by(items.source_file, items.source_line) as source_file,
    min(items.source_line) as source_line,
from items left join sellers on sellers.device = "Device Name"
where "Event Type" = 'Payment'
group by 1
