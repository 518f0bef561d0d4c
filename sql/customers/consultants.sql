-- One row per subscription and day as of which it is asked, for the owners or for a billing: its
-- status and its consultant, who for an untied one is the first to sell to the customer from its
-- start on (contract 2.8; article on adding customers: untied subscriptions).
-- grain: subscription_id, day
-- keep: this month
with
asked as (
    select
        subscription.subscription_id,
        days.day,
    from extracts.subscriptions as subscription
    cross join customers.days as days
    union all
    select distinct
        billing.subscription_id,
        billing.billed_on as day,
    from extracts.billings as billing
    anti join customers.days as days on days.day = billing.billed_on
    where billing.posting_month = $close_month
),

stated as (
    select
        asked.subscription_id,
        asked.day,
        subscription.customer_email,
        subscription.consultant_id,
        subscription.started_on,
        subscription.stopped_on,
        case
            when coalesce(subscription.started_on > asked.day, true) then 'not_started'
            when subscription.stopped_on <= asked.day then 'stopped'
            else 'active'
        end as status,
    from asked
    join extracts.subscriptions as subscription
        on subscription.subscription_id = asked.subscription_id
),

won as (
    select
        stated.subscription_id,
        stated.day,
        sale.seller_id,
        sale.ordered_on,
    from stated
    join extracts.orders as sale
        on sale.customer_email = stated.customer_email
        and sale.ordered_on >= stated.started_on
        and sale.ordered_on <= stated.day
    anti join customers.cancellations as cancelled
        on cancelled.order_id = sale.order_id and cancelled.cancelled_on <= stated.day
    where
        stated.consultant_id is null
        and sale.channel = 'sale'
        and coalesce(sale.ordered_on < stated.stopped_on, true)
    qualify row_number() over (
        partition by stated.subscription_id, stated.day
        order by sale.ordered_at, sale.order_id
    ) = 1
)

select
    stated.subscription_id,
    stated.day,
    stated.customer_email,
    stated.status,
    case
        when stated.status <> 'not_started' then coalesce(stated.consultant_id, won.seller_id)
    end as consultant_id,
    case
        when stated.status = 'not_started' then null
        when stated.consultant_id is not null then stated.started_on
        else won.ordered_on
    end as tied_on,
from stated
left join won
    on won.subscription_id = stated.subscription_id and won.day = stated.day
