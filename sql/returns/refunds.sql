-- One row per RAN for which a refund is due or was made by the month's end (contract 2.7).
-- grain: ran_id
-- keep: this month
with
amounts as (
    select
        ran_id,
        refund_due,
        bv_due,
        cast(0 as decimal(18, 2)) as made,
    from returns.dues
    union all
    select
        ran_id,
        cast(0 as decimal(38, 2)) as refund_due,
        cast(0 as decimal(38, 2)) as bv_due,
        amount as made,
    from extracts.reversals
    where ran_id is not null and reversed_on <= $month_end
)

select
    ran_id,
    cast(sum(refund_due) as decimal(38, 2)) as refund_due,
    cast(sum(bv_due) as decimal(38, 2)) as bv_due,
    cast(sum(made) as decimal(38, 2)) as refund_made,
from amounts
group by ran_id
