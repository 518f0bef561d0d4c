-- One row per currency of refunds that name no known RAN of their order.
-- grain: currency
select taken_back.currency, count(*) as refunds, sum(refund.amount) as amount
from returns.unmatched as refund
left join extracts.orders as taken_back on taken_back.order_id = refund.order_id
where refund.close_month = $month
group by taken_back.currency
order by taken_back.currency
