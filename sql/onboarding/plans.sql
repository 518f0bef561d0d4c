-- One row per plan: what is paid of it, what is due by the month's end, and the first instalment
-- after that which is not fully paid (contract 2.9; guide to a first investment: instalments).
-- One instalment falls in every month from the first on, whole ones of the price divided by their
-- number, the last one the rest; so the month's end has as many due as months have begun.
-- grain: plan_id
-- keep: this month
with
paid as (
    select
        plan_id,
        account_id,
        cast(sum(amount) * 100 as hugeint) as cents,
    from extracts.payments
    where kind = 'purchase' and paid_on <= $month_end
    group by plan_id, account_id
),

priced as (
    select
        plan.plan_id,
        plan.account_id,
        plan.first_due_on,
        plan.instalments,
        cast(plan.price * 100 as bigint) as price_cents,
        cast(plan.price * 100 as bigint) // plan.instalments as instalment_cents,
        coalesce(paid.cents, 0) as paid_cents,
        greatest(0, least(
            plan.instalments,
            (year($month_end) - year(plan.first_due_on)) * 12
            + month($month_end) - month(plan.first_due_on) + 1
        )) as due_count,
    from extracts.plans as plan
    left join paid on paid.plan_id = plan.plan_id and paid.account_id = plan.account_id
),

placed as (
    select
        plan_id,
        case
            when due_count = instalments or paid_cents >= price_cents then null
            when instalment_cents = 0 then instalments
            else cast(least(
                instalments, greatest(due_count, paid_cents // instalment_cents) + 1
            ) as integer)
        end as next_no,
    from priced
),

dated as (
    select
        priced.plan_id,
        placed.next_no,
        case
            when priced.due_count = priced.instalments then priced.price_cents
            else priced.due_count * priced.instalment_cents
        end as due_cents,
        (placed.next_no - 1) * priced.instalment_cents as before_cents,
        case
            when placed.next_no = priced.instalments then priced.price_cents
            else placed.next_no * priced.instalment_cents
        end as next_cents,
    from priced
    join placed on placed.plan_id = priced.plan_id
)

select
    priced.plan_id,
    priced.account_id,
    priced.paid_cents >= priced.price_cents as is_paid_up,
    cast(greatest(0, dated.due_cents - priced.paid_cents) as bigint) as overdue_cents,
    cast(
        priced.first_due_on + (dated.next_no - 1) * interval 1 month as date
    ) as next_due_on,
    cast(
        dated.next_cents - greatest(dated.before_cents, priced.paid_cents) as bigint
    ) as next_due_cents,
from priced
join dated on dated.plan_id = priced.plan_id
