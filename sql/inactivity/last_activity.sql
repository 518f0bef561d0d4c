-- One row per member with any activity by the month's end: the latest business date of it
-- (contract 2.6; record cleanup announcement: bought or sold, or a preferred customer did).
-- grain: member_id
-- keep: this month
with
-- Orders come down to a row for each of those who were in them at once: all later steps are small.
last_orders as (
    select
        case when placed.channel = 'member' then placed.buyer_id else placed.seller_id end
            as member_id,
        max(placed.ordered_on) as active_on,
        max(placed.ordered_on) filter (where placed.channel = 'member') as bought_on,
    from extracts.orders as placed
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where
        placed.ordered_on <= $month_end
        and placed.channel <> 'retail'
        and placed.amount > coalesce(reversed.amount, 0)
    group by case when placed.channel = 'member' then placed.buyer_id else placed.seller_id end
),

activities as (
    select
        member_id,
        enrolled_on as active_on,
    from extracts.members
    where enrolled_on <= $month_end
    union all
    select
        member_id,
        active_on,
    from last_orders
    union all
    select
        holder.holder_id as member_id,
        placed.ordered_on as active_on,
    from finance.holders as holder
    join extracts.orders as placed
        on placed.order_id = holder.order_id and placed.ordered_on <= $month_end
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where placed.amount > coalesce(reversed.amount, 0)
    union all
    select
        sponsor.member_id,
        last_orders.bought_on as active_on,
    from last_orders
    join extracts.members as customer
        on customer.member_id = last_orders.member_id
        and customer.member_type = 'preferred_customer'
    join extracts.members as sponsor
        on sponsor.member_id = customer.sponsor_id and sponsor.member_type = 'associate'
    where last_orders.bought_on is not null
)

select
    member_id,
    max(active_on) as last_activity_on,
from activities
group by member_id
