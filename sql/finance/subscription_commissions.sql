-- One row per billing that posts in the month: the commission of its subscription's consultant on
-- that day, if it had one (contract 2.8; article on adding customers: first month's commission).
-- grain: billing_id
-- section: subscriptions
-- report: by billing_id
with
rated as (
    select
        billing.billing_id,
        billing.subscription_id,
        consultant.consultant_id,
        billing.billed_on,
        billing.amount,
        cast(
            case
                when billing.billed_on < cast(subscription.started_on + interval 1 month as date)
                    then $first_month_rate
                else $rate
            end
            as decimal(18, 4)
        ) as rate,
    from extracts.billings as billing
    join extracts.subscriptions as subscription
        on subscription.subscription_id = billing.subscription_id
    join customers.consultants as consultant
        on consultant.subscription_id = billing.subscription_id
        and consultant.day = billing.billed_on
    where billing.posting_month = $close_month
),

counted as (
    select
        billing_id,
        case
            when consultant_id is null then 0
            else (
                2 * cast(amount * 100 as bigint) * cast(rate * 10000 as bigint) + 10000
            ) // 20000
        end as commission_cents,
    from rated
)

select
    rated.billing_id,
    rated.subscription_id,
    rated.consultant_id,
    rated.billed_on,
    rated.amount,
    rated.rate,
    cast(cast(counted.commission_cents as decimal(18, 0)) * 0.01 as decimal(18, 2)) as commission,
from rated
join counted on counted.billing_id = rated.billing_id
