-- One row per product of a RAN requested by the month's end: how much of it is accepted and goes
-- back, and the money and BV due for it (contract 2.7; returns article: only authorised goods).
-- The RANs before it have taken what they could take together, up to what was ordered.
-- grain: ran_id, product_code
-- keep: this month
with
authorised as (
    select order_id
    from extracts.returns
    group by order_id
),

ordered as (
    select
        line.order_id,
        line.product_code,
        cast(sum(line.quantity) as bigint) as quantity,
        cast(sum(line.amount) * 100 as bigint) as cents,
        cast(sum(line.bv) * 100 as bigint) as bv_cents,
    from extracts.order_lines as line
    join authorised on authorised.order_id = line.order_id
    group by line.order_id, line.product_code
),

accepted as (
    select
        claim.ran_id,
        claim.order_id,
        claim.remedy,
        claim.product_code,
        claim.authorised,
        claim.received,
        least(claim.quantity_so_far, coalesce(ordered.quantity, 0))
        - least(
            claim.quantity_so_far - claim.quantity, coalesce(ordered.quantity, 0)
        ) as quantity,
        ordered.quantity as ordered_quantity,
        case when claim.remedy = 'refund' then ordered.cents else 0 end as cents,
        case when claim.remedy = 'refund' then ordered.bv_cents else 0 end as bv_cents,
    from returns.claims as claim
    left join ordered
        on ordered.order_id = claim.order_id and ordered.product_code = claim.product_code
)

select
    ran_id,
    order_id,
    product_code,
    authorised,
    received,
    cast(quantity as integer) as accepted,
    cast(
        case when remedy = 'replacement' then 0 else received - quantity end as integer
    ) as returned_to_sender,
    coalesce(
        (2 * cents * quantity + ordered_quantity) // (2 * ordered_quantity), 0
    ) as refund_due_cents,
    coalesce(
        (2 * bv_cents * quantity + ordered_quantity) // (2 * ordered_quantity), 0
    ) as bv_due_cents,
from accepted
