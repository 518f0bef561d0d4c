-- One level further up.
-- repeat: append for round 2 to $pay_levels
select
    payline.source_id,
    cast($round as integer) as level,
    line.sponsor_id as ancestor_id,
    payline.bv,
from inactivity.compressed_paylines as payline
join inactivity.compressed_line as line on line.member_id = payline.ancestor_id
where payline.level = $round - 1 and line.sponsor_id is not null
