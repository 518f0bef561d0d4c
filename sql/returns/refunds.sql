-- One row per RAN for which a refund is due or was made by the month's end (contract 2.7).
-- grain: ran_id
-- keep: this month
with
amounts as (
    select
        ran_id,
        refund_due_cents,
        bv_due_cents,
        cast(0 as decimal(18, 2)) as made,
    from returns.acceptances
    union all
    select
        ran_id,
        0 as refund_due_cents,
        0 as bv_due_cents,
        amount as made,
    from extracts.reversals
    where ran_id is not null and reversed_on <= $month_end
)

select
    ran_id,
    cast(cast(sum(refund_due_cents) as decimal(18, 0)) * 0.01 as decimal(18, 2)) as refund_due,
    cast(cast(sum(bv_due_cents) as decimal(18, 0)) * 0.01 as decimal(18, 2)) as bv_due,
    cast(sum(made) as decimal(18, 2)) as refund_made,
from amounts
group by ran_id
