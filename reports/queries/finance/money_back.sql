-- One row per kind of reversal and currency.
-- grain: kind, currency
-- What was taken back, and refunds that name no known RAN of their order.
select
    reversal.kind,
    placed.currency,
    count(*) as reversals,
    sum(reversal.amount) as amount,
    sum(reversal.bv) as bv,
    count(lost.reversal_id) as without_ran,
    coalesce(sum(lost.amount), 0) as amount_without_ran,
from extracts.reversals as reversal
join extracts.orders as placed on placed.order_id = reversal.order_id
left join returns.unmatched as lost
    on lost.reversal_id = reversal.reversal_id and lost.close_month = $month
where reversal.posting_month = $month
group by reversal.kind, placed.currency
order by placed.currency, reversal.kind
