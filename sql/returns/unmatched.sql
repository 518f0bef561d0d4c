-- One row per refund of the month that names no known RAN of its order (contract 2.7).
-- grain: reversal_id
-- report: by reversal_id
select
    reversal.reversal_id,
    reversal.order_id,
    reversal.ran_id,
    reversal.reversed_at,
    reversal.amount,
    reversal.bv,
from extracts.reversals as reversal
anti join extracts.returns as authorised
    on authorised.ran_id = reversal.ran_id and authorised.order_id = reversal.order_id
where reversal.kind = 'refund' and reversal.posting_month = $close_month
