-- One row per refund that names no known RAN, the largest first.
-- grain: reversal_id
select refund.reversal_id, refund.order_id, refund.ran_id, refund.reversed_at,
    taken_back.currency, refund.amount, refund.bv
from returns.unmatched as refund
left join extracts.orders as taken_back on taken_back.order_id = refund.order_id
where refund.close_month = $month
order by refund.amount desc, refund.reversal_id
