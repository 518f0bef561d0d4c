-- One level further up.
-- repeat: append for round 2 to $pay_levels
select
    payline.source_id,
    cast($round as integer) as level,
    member.sponsor_id as ancestor_id,
    payline.bv,
from finance.paylines as payline
join extracts.members as member on member.member_id = payline.ancestor_id
where payline.level = $round - 1 and member.sponsor_id is not null
