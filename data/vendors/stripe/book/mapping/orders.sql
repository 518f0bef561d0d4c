select id as order_id, "Created date (UTC)" as ordered_at, 'retail' as channel, "Customer Email" as customer_email,
    coalesce("Card Address Country", 'NL') as country, Amount as amount, upper(Currency) as currency, Amount as bv, source_file, source_line
from charges where Status in ('Paid', 'Refunded')
