-- One row per entry of the month's BV ledger, in the order of posting; an empty member is the
-- house (contract 2.4). A transfer's two lines stand together.
-- grain: posting_no
-- report: by posting_no
select
    cast(row_number() over (order by happened_at, place, source_id, side) as integer) as posting_no,
    order_id,
    entry,
    source_id,
    member_id,
    cast(bv as decimal(18, 2)) as bv,
    event_date,
    substr(cast(event_date as varchar), 1, 7) as event_month,
    reason,
from finance.entries
