-- One level further up.
-- repeat: append for round 2 to $list_levels
select
    upline.member_id,
    cast($round as integer) as level,
    member.sponsor_id as ancestor_id,
from inactivity.uplines as upline
join extracts.members as member on member.member_id = upline.ancestor_id
where upline.level = $round - 1 and member.sponsor_id is not null
