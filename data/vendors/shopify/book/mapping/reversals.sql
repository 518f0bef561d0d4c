-- the export has no day of a refund: the payment's stands for it. Its BV is worked out by Upline.
-- An order that is refunded in pieces, in two exports, comes as `changed`: it has one sum, no pieces
select
    clean_id(Name) || '-R' as reversal_id,
    clean_id(Name) as order_id,
    to_time("Paid at", '%Y-%m-%d %H:%M:%S %z') as reversed_at,
    'refund' as kind,
    "Refunded Amount" as amount,
    source_file, source_line,
from shop
where try_cast("Refunded Amount" as decimal(18, 2)) > 0
