-- One row per product of a RAN that is refunded: the money and BV due for it (contract 2.7). It is
-- what is due for the RANs so far less what was due for those before: their shares rounded one by
-- one, never more than the lines' amount, and all of it once all of the quantity has been refunded.
-- grain: ran_id, product_code
-- keep: this month
with
shares as (
    select
        line.ran_id,
        line.order_id,
        line.product_code,
        line.requested_on,
        line.accepted,
        ordered.quantity as ordered_quantity,
        cast(ordered.amount * 100 as hugeint) as most_cents,
        cast(ordered.bv * 100 as hugeint) as most_bv_cents,
        (
            2 * cast(ordered.amount * 100 as hugeint) * line.accepted + ordered.quantity
        ) // (2 * ordered.quantity) as cents,
        (
            2 * cast(ordered.bv * 100 as hugeint) * line.accepted + ordered.quantity
        ) // (2 * ordered.quantity) as bv_cents,
    from returns.acceptances as line
    join returns.ordered as ordered
        on ordered.order_id = line.order_id and ordered.product_code = line.product_code
    where line.remedy = 'refund'
),

so_far as (
    select
        ran_id,
        product_code,
        ordered_quantity,
        most_cents,
        most_bv_cents,
        accepted,
        cents,
        bv_cents,
        sum(accepted) over (
            partition by order_id, product_code
            order by requested_on, ran_id
            rows between unbounded preceding and current row
        ) as accepted_so_far,
        sum(cents) over (
            partition by order_id, product_code
            order by requested_on, ran_id
            rows between unbounded preceding and current row
        ) as cents_so_far,
        sum(bv_cents) over (
            partition by order_id, product_code
            order by requested_on, ran_id
            rows between unbounded preceding and current row
        ) as bv_cents_so_far,
    from shares
),

due as (
    select
        ran_id,
        product_code,
        case
            when accepted = 0 then 0
            when accepted_so_far = ordered_quantity
                then most_cents - least(most_cents, cents_so_far - cents)
            else least(most_cents, cents_so_far) - least(most_cents, cents_so_far - cents)
        end as cents,
        case
            when accepted = 0 then 0
            when accepted_so_far = ordered_quantity
                then most_bv_cents - least(most_bv_cents, bv_cents_so_far - bv_cents)
            else least(most_bv_cents, bv_cents_so_far)
                - least(most_bv_cents, bv_cents_so_far - bv_cents)
        end as bv_cents,
    from so_far
)

select
    ran_id,
    product_code,
    cast(cast(cents as decimal(38, 0)) * 0.01 as decimal(38, 2)) as refund_due,
    cast(cast(bv_cents as decimal(38, 0)) * 0.01 as decimal(38, 2)) as bv_due,
from due
