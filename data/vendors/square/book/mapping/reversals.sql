-- a refund is a transaction of its own with the payment's id; export a refund
-- together with what it takes back, or it comes as `reference`, with the payment's id
with paid as (
    select distinct "Payment ID", "Transaction ID" as order_id
    from items where "Event Type" = 'Payment'
)
select
    "Transaction ID" as reversal_id,
    any_value(coalesce(paid.order_id, items."Payment ID")) as order_id,
    min(Date || 'T' || Time) as reversed_at,
    'refund' as kind,
    -sum(cast(to_number(replace("Net Sales", '€', ''), '.', ',') as decimal(18, 2))) as amount,
    min_by(source_file, source_line) as source_file,
    min(source_line) as source_line,
from items left join paid on paid."Payment ID" = items."Payment ID"
where "Event Type" = 'Refund'
group by 1
