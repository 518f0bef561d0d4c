-- One row per RAN and day as of which it is judged: the month's end and, at the first close of this
-- programme, the day before the month. Its status, why, and what the customer gets
-- (contract 2.7; returns article: seven business, fifteen and fourteen days). Dates after the day
-- count as empty; nothing is late before it was delivered. The order's currency goes along, so that
-- all of history is looked through once.
-- grain: ran_id, day
-- keep: this month
with
days as (
    select cast($month_end as date) as day
    union all
    select cast($month_start - interval 1 day as date) as day
    where $last_returns_month is null
),

dated as (
    select
        authorised.ran_id,
        authorised.order_id,
        days.day,
        authorised.reason,
        authorised.requested_on,
        authorised.delivered_on,
        case when authorised.issued_on <= days.day then authorised.issued_on end as issued_on,
        case when authorised.received_on <= days.day then authorised.received_on end as received_on,
        coalesce(authorised.ran_displayed, false) as is_ran_displayed,
        coalesce(authorised.proof_of_purchase, false) as has_proof_of_purchase,
    from extracts.returns as authorised
    join days on days.day >= authorised.requested_on
),

delays as (
    select
        dated.ran_id,
        dated.order_id,
        dated.day,
        dated.reason,
        dated.requested_on,
        placed.currency,
        dated.issued_on is not null as is_issued,
        dated.received_on is not null as is_received,
        dated.is_ran_displayed,
        dated.has_proof_of_purchase,
        asked.passed - delivered.passed as business_days,
        date_diff('day', dated.delivered_on, dated.requested_on) as days,
        date_diff('day', dated.issued_on, coalesce(dated.received_on, dated.day)) as ran_days,
    from dated
    join extracts.orders as placed on placed.order_id = dated.order_id
    left join book.business_days as delivered
        on delivered.country = placed.country and delivered.day = dated.delivered_on
    left join book.business_days as asked
        on asked.country = placed.country and asked.day = dated.requested_on
),

judged as (
    select
        ran_id,
        order_id,
        requested_on,
        currency,
        day,
        case
            when
                reason in ('damaged_in_transit', 'sent_in_error')
                and business_days > $notice_business_days
                then 'refused late_notice'
            when reason in ('wrong_choice', 'changed_mind') and days > $guarantee_days
                then 'refused outside_guarantee'
            when reason in ('damaged_in_transit', 'sent_in_error', 'faulty')
                then 'accepted  replacement'
            when not is_issued then 'requested'
            when ran_days > $ran_days then 'void not_received_in_time'
            when not is_received then 'awaiting_goods'
            when not is_ran_displayed then 'void ran_not_displayed'
            when not has_proof_of_purchase then 'void no_proof_of_purchase'
            else 'accepted  refund'
        end as outcome,
    from delays
)

select
    ran_id,
    order_id,
    requested_on,
    currency,
    day,
    split_part(outcome, ' ', 1) as status,
    nullif(split_part(outcome, ' ', 2), '') as status_reason,
    nullif(split_part(outcome, ' ', 3), '') as remedy,
from judged
