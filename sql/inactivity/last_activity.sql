-- One row per member of the snapshot with any activity by the month's end: the latest business date
-- of it (contract 2.6; inactive record notice: bought or sold, or a preferred customer did).
-- grain: member_id
-- keep: this month
with
-- Orders come down to a row for each of those who were in them at once: all later steps are small.
last_orders as (
    select
        case when placed.channel = 'member' then placed.buyer_id else placed.seller_id end
            as member_id,
        max(placed.ordered_on) as ordered_on,
        max(placed.ordered_on) filter (where placed.channel = 'member') as bought_on,
    from extracts.orders as placed
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where
        placed.ordered_on <= $month_end
        and placed.channel <> 'retail'
        and placed.amount > coalesce(reversed.amount, 0)
    group by case when placed.channel = 'member' then placed.buyer_id else placed.seller_id end
),

referred as (
    select
        holder.holder_id as member_id,
        max(placed.ordered_on) as ordered_on,
    from finance.holders as holder
    join extracts.orders as placed
        on placed.order_id = holder.order_id and placed.ordered_on <= $month_end
    left join finance.reversed as reversed on reversed.order_id = placed.order_id
    where placed.amount > coalesce(reversed.amount, 0)
    group by holder.holder_id
),

customers_below as (
    select
        customer.sponsor_id as member_id,
        max(last_orders.bought_on) as bought_on,
    from extracts.members as customer
    join last_orders on last_orders.member_id = customer.member_id
    where customer.member_type = 'preferred_customer'
    group by customer.sponsor_id
),

activities as (
    select
        member.member_id,
        greatest(
            case when member.enrolled_on <= $month_end then member.enrolled_on end,
            last_orders.ordered_on,
            referred.ordered_on,
            case when member.member_type = 'associate' then customers_below.bought_on end
        ) as last_activity_on,
    from extracts.members as member
    left join last_orders on last_orders.member_id = member.member_id
    left join referred on referred.member_id = member.member_id
    left join customers_below on customers_below.member_id = member.member_id
)

select
    member_id,
    last_activity_on,
from activities
where last_activity_on is not null
