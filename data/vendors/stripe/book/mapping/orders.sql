-- payments that were taken; times are in UTC, as mapping.toml says
select
    id as order_id,
    "Created date (UTC)" as ordered_at,
    'retail' as channel,
    "Customer Email" as customer_email,
    -- a card without a country counts as the home market's
    coalesce("Card Address Country", 'NL') as country,
    Amount as amount,
    upper(Currency) as currency,
    Amount as bv,
    source_file, source_line,
from charges
where Captured = 'true'
