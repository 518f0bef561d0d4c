-- One row per product of a RAN requested by the month's end: how much of it is accepted and goes
-- back (contract 2.7; returns article: only authorised goods). The RANs before it have taken what
-- they could take together, up to what was ordered.
-- grain: ran_id, product_code
-- keep: this month
with
accepted as (
    select
        claim.ran_id,
        claim.order_id,
        claim.requested_on,
        claim.remedy,
        claim.product_code,
        claim.authorised,
        claim.received,
        least(claim.quantity_so_far, coalesce(ordered.quantity, 0))
        - least(
            claim.quantity_so_far - claim.quantity, coalesce(ordered.quantity, 0)
        ) as quantity,
    from returns.claims as claim
    left join returns.ordered as ordered
        on ordered.order_id = claim.order_id and ordered.product_code = claim.product_code
)

select
    ran_id,
    order_id,
    requested_on,
    remedy,
    product_code,
    authorised,
    received,
    cast(quantity as integer) as accepted,
    cast(
        case when remedy = 'replacement' then 0 else received - quantity end as integer
    ) as returned_to_sender,
from accepted
