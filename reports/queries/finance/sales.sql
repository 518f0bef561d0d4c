-- One row per channel and currency of what was posted and taken back.
-- grain: channel, currency
select
    channel,
    currency,
    orders,
    amount,
    bv,
    reversals,
    amount_reversed,
    net_amount,
    net_bv,
from finance.sales
where close_month = $month
order by channel, currency
