-- One row per customer with news who has an owner, and day as of which that is asked: the
-- consultant of an active subscription, else who sold to the customer last (contract 2.8; article
-- on adding customers: yours until they buy from somebody else).
-- grain: customer_email, day
-- keep: this month
with
subscribed as (
    select
        consultant.customer_email,
        consultant.day,
        consultant.consultant_id as owner_id,
        consultant.tied_on as since_on,
    from customers.consultants as consultant
    semi join customers.days as days on days.day = consultant.day
    where consultant.status = 'active' and consultant.consultant_id is not null
    qualify row_number() over (
        partition by consultant.customer_email, consultant.day
        order by consultant.tied_on, consultant.subscription_id
    ) = 1
),

bought as (
    select
        sale.customer_email,
        purchase.day,
        sale.seller_id as owner_id,
        sale.ordered_on as since_on,
    from customers.purchases as purchase
    join extracts.orders as sale
        on sale.customer_email = purchase.customer_email
        and sale.ordered_at = purchase.last_ordered_at
        and sale.channel = 'sale'
    anti join customers.cancellations as cancelled
        on cancelled.order_id = sale.order_id and cancelled.cancelled_on <= purchase.day
    qualify row_number() over (
        partition by sale.customer_email, purchase.day
        order by sale.order_id desc
    ) = 1
)

select
    customer_email,
    day,
    owner_id,
    'subscription' as basis,
    since_on,
from subscribed
union all
select
    bought.customer_email,
    bought.day,
    bought.owner_id,
    'purchase' as basis,
    bought.since_on,
from bought
anti join subscribed
    on subscribed.customer_email = bought.customer_email and subscribed.day = bought.day
