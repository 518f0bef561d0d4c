-- One row per retail order or lead that was dealt to a seat; deal_no runs on through all months:
-- it is the seats' service history, which nothing rewrites (contract 2.3).
-- grain: kind, source_id
-- earlier months of: referral.queue
select
    kind,
    source_id,
    cast(null as varchar) as seat_id,
    cast(deal_no as bigint) as deal_no,
from referral.turns
where deal_no < 0
