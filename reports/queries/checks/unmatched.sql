-- One row per currency of refunds that name no known RAN of their order, now and the month before.
-- grain: currency
select
    taken_back.currency,
    count(*) filter (where refund.close_month = $month) as refunds,
    coalesce(sum(refund.amount) filter (where refund.close_month = $month), 0) as amount,
    count(*) filter (where refund.close_month = $before) as refunds_before,
from returns.unmatched as refund
left join extracts.orders as taken_back on taken_back.order_id = refund.order_id
where refund.close_month in ($month, $before)
group by taken_back.currency
order by taken_back.currency
