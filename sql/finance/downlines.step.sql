-- Twice as deep: each takes the volume and the people of those who have been added up to it, and
-- goes on from where its ancestor has come to (pointer doubling, so that a chain of any length ends
-- soon).
-- repeat: replace until every ancestor_id is null
with
below as (
    select
        ancestor_id,
        sum(group_bv) as group_bv,
        sum(people) as people,
        sum(associates) as associates,
        sum(newcomers) as newcomers,
        sum(active) as active,
    from finance.downlines
    where ancestor_id is not null
    group by ancestor_id
)

select
    downline.member_id,
    above.ancestor_id,
    cast(downline.group_bv + coalesce(below.group_bv, 0) as decimal(38, 2)) as group_bv,
    cast(downline.people + coalesce(below.people, 0) as integer) as people,
    cast(downline.associates + coalesce(below.associates, 0) as integer) as associates,
    cast(downline.newcomers + coalesce(below.newcomers, 0) as integer) as newcomers,
    cast(downline.active + coalesce(below.active, 0) as integer) as active,
from finance.downlines as downline
left join below on below.ancestor_id = downline.member_id
left join finance.downlines as above on above.member_id = downline.ancestor_id
