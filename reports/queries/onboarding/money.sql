-- One row per month: balances, what is invested and what is overdue.
-- grain: the month
select coalesce(sum(balance), 0) as balance, coalesce(sum(invested), 0) as invested,
    coalesce(sum(overdue), 0) as overdue, count(*) filter (where overdue > 0) as late
from onboarding.accounts
where close_month = $month
