select
    id || '-R' as reversal_id,
    id as order_id,
    "Refunded date (UTC)" as reversed_at,
    'refund' as kind,
    "Amount Refunded" as amount,
    source_file, source_line,
from charges
where try_cast("Amount Refunded" as decimal(18, 2)) > 0
