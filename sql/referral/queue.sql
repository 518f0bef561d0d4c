-- One row per seat that was ever served: its last service, with which the next month goes on
-- (contract 2.3).
-- grain: kind, seat_id
-- columns: kind varchar, seat_id varchar, deal_no bigint
with
services as (
    select
        kind,
        seat_id,
        deal_no,
    from referral.queue
    where close_month = $last_referral_month
    union all
    select
        kind,
        seat_id,
        deal_no,
    from referral.deals
    where close_month = $close_month
)

select
    kind,
    seat_id,
    max(deal_no) as deal_no,
from services
group by kind, seat_id
