-- Sections 4 and 5: reassignments, entries, volumes.
create temporary table moves on commit drop as
with facts as (
    select
        reassignments.*, orders.channel, orders.is_assigned, orders.bv as own_bv,
        orders.holder as from_member_id, members.member_type,
        orders.bv - coalesce((
            select sum(reversals.bv)
            from reversals
            where
                reversals.order_id = orders.order_id
                and (
                    reversals.posting < closing.month
                    or (reversals.posting = closing.month
                        and reversals.reversed_at < reassignments.requested_at)
                )
        ), 0) as left_bv,
        (
            select count(*)
            from generate_series(orders.day + 1, reassignments.day, interval '1 day') as passed
            where
                extract(isodow from passed) < 6
                and not exists (
                    select from public_holidays
                    where
                        public_holidays.country = orders.country
                        and public_holidays.day = passed::date
                )
        ) as business_days
    from reassignments
    join closing on reassignments.posting = closing.month
    join policy on reassignments.event_month >= policy.opening
    join orders using (order_id)
    left join members on members.member_id = reassignments.member_id
),
decided as (
    select
        facts.*,
        case
            when channel <> 'retail' then 'not_retail'
            when not is_assigned then 'not_assigned'
            when member_type is distinct from 'associate' then 'not_associate'
            when business_days > reassignment_business_days then 'too_late'
            when left_bv = 0 and own_bv > 0 then 'reversed'
            else 'accepted'
        end as decision
    from facts
    cross join policy
)
select * from decided;

create temporary table entries on commit drop as
select
    row_number() over (order by at, step, source_id, part) as posting_no, order_id, entry,
    source_id, member_id, entry_bv as bv, day, event_month, reason
from (
    select
        ordered_at as at, 0 as step, order_id as source_id, 0 as part, order_id,
        'credit' as entry, orders.holder as member_id, orders.bv as entry_bv, orders.day,
        event_month, case when orders.holder is null then outcome end as reason
    from closing
    join orders on orders.posting = closing.month
    join policy on orders.event_month >= policy.opening
    left join requests on requests.kind = 'order' and requests.id = orders.order_id
    union all
    select requested_at, 1, order_id, 0, order_id, 'transfer', from_member_id, -left_bv, day,
        event_month, null
    from moves
    where decision = 'accepted'
    union all
    select requested_at, 1, order_id, 1, order_id, 'transfer', member_id, left_bv, day,
        event_month, null
    from moves
    where decision = 'accepted'
    union all
    select
        reversed_at, 2, reversal_id, 0, reversals.order_id, 'reversal',
        case
            when moves.decision = 'accepted' and moves.requested_at <= reversed_at
                then moves.member_id
            else orders.holder
        end,
        -reversals.bv, reversals.day, reversals.event_month, reversals.kind
    from closing
    join reversals on reversals.posting = closing.month
    join policy on reversals.event_month >= policy.opening
    join orders using (order_id)
    left join moves using (order_id)
) as lines;

update orders
set holder = moves.member_id
from moves
where decision = 'accepted' and orders.order_id = moves.order_id;

create temporary table personal on commit drop as
select member_id, sum(bv) as bv
from entries
where member_id is not null
group by member_id;
analyze personal;

-- Everybody's volume is handed up the line, one level a round.
create temporary table volumes on commit drop as
with recursive line as (
    select personal.member_id, members.sponsor_id as ancestor_id, 1 as level, bv
    from personal
    join members using (member_id)
    where members.sponsor_id is not null and bv <> 0
    union all
    select line.member_id, members.sponsor_id, level + 1, bv
    from line
    join members on members.member_id = line.ancestor_id
    where members.sponsor_id is not null
),
downline as (
    select
        ancestor_id as member_id, sum(bv) as group_bv,
        coalesce(sum(bv) filter (where level <= pay_levels), 0) as payline_bv
    from line
    cross join policy
    group by ancestor_id
)
select
    member_id, coalesce(personal.bv, 0) as personal_bv,
    coalesce(personal.bv, 0) + coalesce(group_bv, 0) as group_bv,
    coalesce(payline_bv, 0) as payline_bv
from personal
full join downline using (member_id);
create index on volumes (member_id);
analyze volumes;
