-- One row per month: accounts, those overdue, and by how much.
-- grain: the month
select
    count(*) as accounts,
    count(*) filter (where overdue > 0) as late,
    coalesce(sum(overdue), 0) as overdue,
from onboarding.accounts
where close_month = $month
