-- One row per month in which accounts' next instalments are due.
-- grain: due_month
select strftime(next_due_on, '%Y-%m') as due_month, count(*) as accounts,
    sum(next_due_amount) as amount, sum(next_due_amount) as bar
from onboarding.accounts
where close_month = $month and next_due_on is not null
group by due_month
order by due_month
