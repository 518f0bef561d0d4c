-- One level further down: what is a level less below those whom a member sponsors.
-- repeat: append for round 2 to $pay_levels
select
    member.sponsor_id as member_id,
    cast($round as integer) as level,
    cast(sum(payline.bv) as decimal(38, 2)) as bv,
from finance.paylines as payline
join extracts.members as member on member.member_id = payline.member_id
where payline.level = $round - 1 and member.sponsor_id is not null
group by member.sponsor_id
