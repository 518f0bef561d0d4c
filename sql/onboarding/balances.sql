-- One row per account with payments by the month's end: money put on it, and money spent on plans
-- (contract 2.9; guide to a first investment: a top-up buys nothing yet).
-- grain: account_id
-- keep: this month
select
    account_id,
    cast(coalesce(sum(amount) filter (where kind = 'top_up'), 0) as decimal(38, 2)) as topped_up,
    cast(coalesce(sum(amount) filter (where kind = 'purchase'), 0) as decimal(38, 2)) as invested,
    max(paid_on) filter (where kind = 'top_up') as last_top_up_on,
from extracts.payments
where paid_on <= $month_end
group by account_id
