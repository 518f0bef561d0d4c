-- One row per member with any activity by the month's end: the latest business date of it
-- (contract 2.6; record cleanup announcement: bought or sold, or a preferred customer did).
-- grain: member_id
-- keep: this month
with
live_orders as (
    select
        placed.order_id,
        placed.channel,
        placed.buyer_id,
        placed.seller_id,
        placed.ordered_on,
    from extracts.orders as placed
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where placed.ordered_on <= $month_end and placed.amount > coalesce(reversed.amount, 0)
),

activities as (
    select
        member_id,
        enrolled_on as active_on,
    from extracts.members
    where enrolled_on <= $month_end
    union all
    select
        case when channel = 'member' then buyer_id else seller_id end as member_id,
        ordered_on as active_on,
    from live_orders
    where channel <> 'retail'
    union all
    select
        holder.holder_id as member_id,
        live_orders.ordered_on as active_on,
    from live_orders
    join finance.holders as holder on holder.order_id = live_orders.order_id
    union all
    select
        sponsor.member_id,
        live_orders.ordered_on as active_on,
    from live_orders
    join extracts.members as customer
        on customer.member_id = live_orders.buyer_id
        and customer.member_type = 'preferred_customer'
    join extracts.members as sponsor
        on sponsor.member_id = customer.sponsor_id and sponsor.member_type = 'associate'
    where live_orders.channel = 'member'
)

select
    member_id,
    max(active_on) as last_activity_on,
from activities
group by member_id
