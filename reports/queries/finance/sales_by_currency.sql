-- One row per currency of what was posted and taken back in all channels.
-- grain: currency
select
    currency,
    sum(orders) as orders,
    sum(amount) as amount,
    sum(bv) as bv,
    sum(reversals) as reversals,
    sum(amount_reversed) as amount_reversed,
    sum(net_amount) as net_amount,
    sum(net_bv) as net_bv,
from finance.sales
where close_month = $month
group by currency
order by currency
