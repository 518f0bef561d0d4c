select
    clean_id(Name) || '-R' as reversal_id, clean_id(Name) as order_id,
    to_time("Paid at", '%Y-%m-%d %H:%M:%S %z') as reversed_at, 'refund' as kind,
    "Refunded Amount" as amount,
    round(cast("Refunded Amount" as decimal(18, 2)) * cast(Subtotal as decimal(18, 2)) / cast(Total as decimal(18, 2)), 2) as bv,
    source_file, source_line,
from shop
where cast("Refunded Amount" as decimal(18, 2)) > 0
