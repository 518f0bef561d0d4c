select id || '-R' as reversal_id, id as order_id, "Refunded date (UTC)" as reversed_at, 'refund' as kind,
    "Amount Refunded" as amount, "Amount Refunded" as bv, source_file, source_line
from charges where "Refunded date (UTC)" is not null
