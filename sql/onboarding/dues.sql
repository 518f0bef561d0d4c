-- One row per account with a plan: what is overdue, and what is due next, over all its plans
-- (contract 2.9).
-- grain: account_id
-- keep: this month
with
sums as (
    select
        account_id,
        sum(overdue_cents) as overdue_cents,
        min(next_due_on) as next_due_on,
        count(*) filter (where not is_paid_up) = 0 as is_paid_up,
    from onboarding.plans
    group by account_id
),

nearest as (
    select
        sums.account_id,
        sum(plan.next_due_cents) as cents,
    from sums
    join onboarding.plans as plan
        on plan.account_id = sums.account_id and plan.next_due_on = sums.next_due_on
    group by sums.account_id
)

select
    sums.account_id,
    sums.is_paid_up,
    cast(cast(sums.overdue_cents as decimal(38, 0)) * 0.01 as decimal(38, 2)) as overdue,
    sums.next_due_on,
    cast(cast(nearest.cents as decimal(38, 0)) * 0.01 as decimal(38, 2)) as next_due_amount,
from sums
left join nearest on nearest.account_id = sums.account_id
