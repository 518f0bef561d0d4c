-- One row per credit, side of a transfer or reversal that posts in the month, before they are
-- numbered: what happened at one instant goes by place, source and side. A document stamped before
-- its order, with midnight of that day, say, counts as of the order's instant (contract 2.4).
-- grain: entry, source_id, side
-- keep: this month
with
credits as (
    select
        placed.ordered_at as happened_at,
        1 as place,
        1 as side,
        placed.order_id,
        'credit' as entry,
        placed.order_id as source_id,
        case placed.channel
            when 'member' then placed.buyer_id
            when 'sale' then placed.seller_id
            else assignment.member_id
        end as member_id,
        placed.bv,
        placed.ordered_on as event_date,
        case
            when placed.channel = 'retail' and assignment.member_id is null
                then coalesce(assignment.outcome, 'outside_countries')
        end as reason,
    from extracts.orders as placed
    left join referral.assignments as assignment on assignment.order_id = placed.order_id
    where placed.posting_month = $close_month
),

transfers as (
    select
        greatest(requested.requested_at, placed.ordered_at) as happened_at,
        2 as place,
        line.side,
        moved.order_id,
        'transfer' as entry,
        moved.order_id as source_id,
        case when line.side = 1 then moved.from_member_id else moved.to_member_id end as member_id,
        case when line.side = 1 then -moved.bv else moved.bv end as bv,
        requested.requested_on as event_date,
        cast(null as varchar) as reason,
    from referral.reassignments as moved
    join extracts.reassignments as requested on requested.order_id = moved.order_id
    join extracts.orders as placed on placed.order_id = moved.order_id
    cross join (select 1 as side union all select 2 as side) as line
    where moved.close_month = $close_month and moved.decision = 'accepted'
),

reversals as (
    select
        greatest(reversal.reversed_at, placed.ordered_at) as happened_at,
        3 as place,
        1 as side,
        reversal.order_id,
        'reversal' as entry,
        reversal.reversal_id as source_id,
        case
            when placed.channel = 'member' then placed.buyer_id
            when placed.channel = 'sale' then placed.seller_id
            when
                holder.moved_month < $close_month
                or holder.moved_at <= greatest(reversal.reversed_at, placed.ordered_at)
                then holder.moved_to_member_id
            else holder.credited_member_id
        end as member_id,
        -reversal.bv as bv,
        reversal.reversed_on as event_date,
        reversal.kind as reason,
    from extracts.reversals as reversal
    join extracts.orders as placed on placed.order_id = reversal.order_id
    left join finance.holders as holder on holder.order_id = reversal.order_id
    where reversal.posting_month = $close_month
)

select happened_at, place, side, order_id, entry, source_id, member_id, bv, event_date, reason
from credits
union all
select happened_at, place, side, order_id, entry, source_id, member_id, bv, event_date, reason
from transfers
union all
select happened_at, place, side, order_id, entry, source_id, member_id, bv, event_date, reason
from reversals
