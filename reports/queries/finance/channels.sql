-- One row per channel and currency of the orders posted.
-- grain: channel, currency
select
    channel,
    currency,
    count(*) as orders,
    sum(amount) as amount,
    sum(bv) as bv,
from extracts.orders
where posting_month = $month
group by channel, currency
order by channel, currency
