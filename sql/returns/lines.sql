-- One row per product of a RAN in the month's decisions: what was authorised, came, was accepted
-- and goes back to the sender (contract 2.7).
-- grain: ran_id, product_code
-- report: by ran_id, product_code
select
    line.ran_id,
    line.product_code,
    line.authorised,
    line.received,
    line.accepted,
    line.returned_to_sender,
from returns.acceptances as line
semi join returns.decisions as decision
    on decision.ran_id = line.ran_id and decision.close_month = $close_month
