-- One row per call that a representative owes a customer: contact a retail customer, ask whether
-- the order arrived, check in (contract 2.7; returns article: five to seven days, four weeks).
-- Without a referral programme nobody has hours to make contact in: contact_hours is empty.
-- grain: order_id, task
-- section: follow_up
-- report: by representative_id, due_to, order_id, task
with
followed as (
    select
        placed.order_id,
        placed.channel,
        placed.customer_email,
        placed.ordered_on,
        placed.ordered_at + $contact_hours * interval 1 hour as contact_by,
        coalesce(holder.holder_id, placed.seller_id) as representative_id,
    from extracts.orders as placed
    left join finance.holders as holder on holder.order_id = placed.order_id
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where
        placed.posting_month is not null
        and placed.ordered_on <= $month_end
        and placed.ordered_on >= cast(
            $month_start - greatest(
                $arrival_to_days, $check_in_days, coalesce($contact_hours, 0) // 24 + 2
            ) * interval 1 day
            as date
        )
        and placed.amount > coalesce(reversed.amount, 0)
        and (
            placed.channel = 'sale'
            or (holder.holder_id is not null and not coalesce(placed.contact_opt_out, false))
        )
),

tasks as (
    select
        followed.order_id,
        'contact' as task,
        followed.ordered_on as due_from,
        cast(
            followed.contact_by + clock.offset_seconds * interval 1 second as date
        ) as due_to,
    from followed
    join book.clock as clock
        on followed.contact_by >= clock.from_at and followed.contact_by < clock.to_at
    where followed.channel = 'retail'
    union all
    select
        order_id,
        'arrival' as task,
        cast(ordered_on + $arrival_from_days * interval 1 day as date) as due_from,
        cast(ordered_on + $arrival_to_days * interval 1 day as date) as due_to,
    from followed
    union all
    select
        order_id,
        'check_in' as task,
        cast(ordered_on + $check_in_days * interval 1 day as date) as due_from,
        cast(ordered_on + $check_in_days * interval 1 day as date) as due_to,
    from followed
)

select
    followed.representative_id,
    followed.order_id,
    followed.customer_email,
    tasks.task,
    tasks.due_from,
    tasks.due_to,
from tasks
join followed on followed.order_id = tasks.order_id
where tasks.due_to >= $month_start
