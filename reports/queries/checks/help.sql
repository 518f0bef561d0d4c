-- One row per month: accounts, those overdue, by how much, and those that were not so before.
-- grain: the month
select
    count(*) as accounts,
    count(*) filter (where now.overdue > 0) as late,
    coalesce(sum(now.overdue), 0) as overdue,
    count(*) filter (where now.overdue > coalesce(earlier.overdue, 0)) as new_late,
from onboarding.accounts as now
left join onboarding.accounts as earlier
    on earlier.account_id = now.account_id and earlier.close_month = $before
where now.close_month = $month
