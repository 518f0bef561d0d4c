-- One row per RAN requested by the month's end: its status then, and whether that is news, because
-- the last close that ran this programme worked out another one or none (contract 2.7).
-- grain: ran_id
-- columns: ran_id varchar, order_id varchar, requested_on date, status varchar,
--     status_reason varchar, remedy varchar, is_news boolean
with
previous as (
    select
        ran_id,
        status,
        status_reason,
        remedy,
    from returns.statuses
    where close_month = $last_returns_month
    union all
    select
        ran_id,
        status,
        status_reason,
        remedy,
    from returns.judgements
    where day < $month_start
)

select
    judged.ran_id,
    judged.order_id,
    judged.requested_on,
    judged.status,
    judged.status_reason,
    judged.remedy,
    previous.ran_id is null as is_news,
from returns.judgements as judged
left join previous
    on previous.ran_id = judged.ran_id
    and previous.status = judged.status
    and coalesce(previous.status_reason, '') = coalesce(judged.status_reason, '')
    and coalesce(previous.remedy, '') = coalesce(judged.remedy, '')
where judged.day = $month_end
