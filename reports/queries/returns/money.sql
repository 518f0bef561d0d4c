-- One row per currency: refunds due and made.
-- grain: currency
select currency, count(*) as returns, sum(refund_due) as refund_due,
    sum(refund_made) as refund_made, sum(difference) as difference, sum(bv_due) as bv_due
from returns.decisions
where close_month = $month
group by currency
order by currency
