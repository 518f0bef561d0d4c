-- One row per month of the trend: BV posted, taken back and left.
-- grain: close_month
select
    close_month,
    max(bv) filter (where line = 'orders_posted') as posted,
    max(bv) filter (where line = 'reversals_posted') as taken_back,
    max(bv) filter (where line = 'net') as net,
from finance.reconciliation
where close_month between $first and $month
group by close_month
